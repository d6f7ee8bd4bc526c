"""Explain predictions by the landmark genes that drive them."""
