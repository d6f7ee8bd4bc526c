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
        Expression, [samples, genes]; NaN where missing.
    missing
        ``refuse`` leaves all as it is; the checks then refuse the matrix.

    Returns
    -------
    X
        Without missing values, unless refused; infinite values stay for the checks to find.
    kept
        Positions of the genes that are left, int64 [genes left].
    filled
        Number of values filled.

    Raises
    ------
    BadData
        Every gene has missing values, or a gene has no value to take a median of.
    """
    everything = np.arange(X.shape[1])
    if missing == "refuse":
        return X, everything, 0
    absent = np.isnan(X)
    if missing == "drop genes":
        kept = np.flatnonzero(~absent.any(axis=0))
        if not len(kept):
            raise no_complete_gene()
        return (X[:, kept] if len(kept) < X.shape[1] else X), kept, 0
    if absent.all(axis=0).any():
        raise genes_without_values(int(absent.all(axis=0).sum()))
    count = int(absent.sum())
    if not count:
        return X, everything, 0
    affected = np.flatnonzero(absent.any(axis=0))
    filled = X.copy()
    filled[:, affected] = np.where(absent[:, affected], np.nanmedian(X[:, affected], axis=0), X[:, affected])
    return filled, everything, count


def no_complete_gene() -> BadData:
    """Say that dropping the genes with missing values would leave none."""
    return BadData("Every gene has missing values, so none would be left. Fill them instead.")


def genes_without_values(count: int) -> BadData:
    """Say that genes without any value have no median."""
    return BadData(
        f"{count:,} genes have no value in any sample, so they have no median to fill in. Drop the genes with missing "
        "values instead."
    )
