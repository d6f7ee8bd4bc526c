"""Repeat a choice of genes with other seeds and on halves of the samples."""
