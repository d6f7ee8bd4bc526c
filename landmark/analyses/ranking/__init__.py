"""Rank genes by their DeepLIFT contribution to the bottleneck."""
