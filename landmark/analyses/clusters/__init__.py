"""Cluster samples by their bottleneck values."""
