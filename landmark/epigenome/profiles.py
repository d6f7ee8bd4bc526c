"""Histone marks, and profiles of them around genes."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

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


@dataclass(frozen=True)
class Profiles:
    """All genes of one cell type.

    Attributes
    ----------
    genes
        Names, unique, str [genes].
    counts
        Reads per bin and mark, float32 [genes, 100, 5]; bins from upstream to downstream, marks as ``MARKS``.
    labels
        1 for genes expressed above the cell type's median, 0 for the others, int8 [genes].
    split
        Part that each gene belongs to, one of ``PARTS``, str [genes].
    """

    cell_type: str
    genes: np.ndarray
    counts: np.ndarray
    labels: np.ndarray
    split: np.ndarray

    def means(self) -> np.ndarray:
        """Average profile of each label's genes, float32 [labels, 100, 5]; zero where a label has no gene."""
        found = np.zeros((2, BINS, len(MARKS)), np.float32)
        for label in (0, 1):
            if (chosen := self.labels == label).any():
                found[label] = self.counts[chosen].mean(axis=0)
        return found


def bin_rows(first: str, **values: np.ndarray) -> pd.DataFrame:
    """Write arrays [any, 100, 5] as rows: the place in the first axis under its name, mark, bin, and every array."""
    place, bin_, mark = np.indices(next(iter(values.values())).shape).reshape(3, -1)
    rows = {name: array.ravel() for name, array in values.items()}
    return pd.DataFrame({first: place, "mark": np.array(MARKS)[mark], "bin": bin_ + 1, **rows})


def draw_split(genes: np.ndarray, validation: float, test: float, seed: int) -> np.ndarray:
    """Draw one of ``PARTS`` per gene, str [genes], with these shares for validation and test.

    The draw depends on the set of names alone, not on their order: cell types with the same genes get the same
    split, as the published files have.
    """
    random = np.random.default_rng(seed)
    count = len(genes)
    held = [max(1, round(count * share)) for share in (validation, test)]
    order = np.argsort(genes, kind="stable")[random.permutation(count)]
    split = np.full(count, PARTS[0], dtype=f"U{max(map(len, PARTS))}")
    split[order[: held[0]]] = PARTS[1]
    split[order[held[0] : sum(held)]] = PARTS[2]
    return split
