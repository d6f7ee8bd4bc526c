"""Ways of choosing genes to measure."""
