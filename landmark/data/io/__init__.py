"""One file per format of expression data, and the registry of them."""
