"""Predictors compared by how well they infer whole samples."""
