"""Flax modules of the networks."""
