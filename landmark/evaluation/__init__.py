"""Accuracy per gene, tests, and the comparison of gene sets."""
