"""A matrix read, joined with its annotations and stored as a dataset."""
