"""Measures: accuracy per gene and sample, comparisons of gene sets, clusters of samples and their agreement."""
