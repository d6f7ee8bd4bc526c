"""Contributions of inputs to outputs: the DeepLIFT rescale rule and the ranking of genes."""
