"""Ways of choosing genes, compared in nested cross-validation."""
