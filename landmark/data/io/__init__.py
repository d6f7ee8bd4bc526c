"""One file per format of expression data, and what these share."""
