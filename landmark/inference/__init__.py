"""Predict target genes from landmark genes: one file per method, one shared protocol."""
