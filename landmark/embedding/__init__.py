"""Coordinates and clusters of samples, and their agreement with labels."""
