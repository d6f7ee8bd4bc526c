"""The path of the paper in one run."""
