"""Explain DeepChrome's calls by marks and bins."""
