"""Datasets and runs on disk: manifests, the state of runs at work, lists, export."""
