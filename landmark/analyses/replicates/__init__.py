"""The path of the paper, repeated with several seeds."""
