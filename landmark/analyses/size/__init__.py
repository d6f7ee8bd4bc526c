"""Accuracy by the number of genes measured."""
