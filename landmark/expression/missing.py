"""What to do about missing values; by default nothing, since filling them is a decision."""

from typing import Literal

import numpy as np

from landmark.errors import BadData

Missing = Literal["refuse", "drop genes", "gene median"]


def resolve(X: np.ndarray, missing: Missing) -> tuple[np.ndarray, np.ndarray, int]:
    """Drop genes with missing values, or fill in the median of the gene's other samples.

    Parameters
    ----------
    X
        Expression, [samples, genes]; NaN where missing. Infinite values, as of the logarithm of 0, count as missing.
    missing
        ``refuse`` leaves all as it is; the checks then refuse the matrix.

    Returns
    -------
    X
        Without missing and infinite values, unless refused.
    kept
        Positions of the genes that are left, int64 [genes left]. Genes without any value have no median and are dropped
        with either choice.
    filled
        Number of values filled.

    Raises
    ------
    BadData
        No gene would be left.
    """
    everything = np.arange(X.shape[1])
    if missing == "refuse":
        return X, everything, 0
    absent = ~np.isfinite(X)
    per_gene = absent.sum(axis=0)
    kept = kept_genes(per_gene, len(X), missing)
    if len(kept) < X.shape[1]:
        X, absent, per_gene = X[:, kept], absent[:, kept], per_gene[kept]
    affected = np.flatnonzero(per_gene)
    if not len(affected):
        return X, kept, 0
    filled = X.copy()
    known = np.where(absent[:, affected], np.nan, X[:, affected])
    filled[:, affected] = np.where(absent[:, affected], np.nanmedian(known, axis=0), known)
    return filled, kept, int(per_gene.sum())


def kept_genes(absent: np.ndarray, samples: int, missing: Missing) -> np.ndarray:
    """Find the genes that a choice keeps: those without a missing value, or those with any value.

    Parameters
    ----------
    absent
        Number of missing or infinite values of each gene, [genes].
    samples
        Number of samples.
    missing
        The choice, not ``refuse``.

    Returns
    -------
    numpy.ndarray
        Positions of genes, int64.

    Raises
    ------
    BadData
        No gene is kept.
    """
    if missing == "gene median":
        kept = np.flatnonzero(absent < samples)
        if not len(kept):
            raise BadData("No gene has a value in any sample. Is this the right file?")
        return kept
    kept = np.flatnonzero(absent == 0)
    if not len(kept):
        remedy = "Fill them instead." if (absent < samples).any() else "Is this the right file?"
        raise BadData(f"Every gene has missing or infinite values, so none would be left. {remedy}")
    return kept
