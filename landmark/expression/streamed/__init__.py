"""Matrices larger than memory: the same steps as in memory, a block of samples at a time."""
