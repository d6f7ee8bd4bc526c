"""A dataset made ready for training."""
