"""How the samples of a dataset compare."""
