"""What a profile is: counts of five histone marks in 100 bins around the start of a gene."""

MARKS = ("H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3")
"""The five marks in the order of the published files' columns (Singh et al. 2016; Zenodo record 2652278)."""

BINS = 100
"""Bins per gene; bin 1 is the furthest upstream."""

BIN_WIDTH = 100
"""Base pairs per bin: all bins together cover 5,000 on either side of the transcription start site."""

LABELS = ("unexpressed", "expressed")
"""What the labels 0 and 1 say: expression below or above the median of the cell type."""

PARTS = ("train", "validation", "test")
"""Parts of the split, in the order of the published files."""
