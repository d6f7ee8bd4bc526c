"""Bring histone profiles in."""
