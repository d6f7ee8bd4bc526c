"""Puts an analysis on this machine or on a cluster, follows it, stops it."""
