"""Find the functions that are over-represented in a gene set."""
