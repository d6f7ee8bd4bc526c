"""Contributions of inputs to outputs: the DeepLIFT rescale rule and the ranking of genes."""

from landmark.attribution.deeplift import deeplift

__all__ = ["deeplift"]
