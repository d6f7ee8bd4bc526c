"""Fit a predictor of all other genes on the genes of one set."""
