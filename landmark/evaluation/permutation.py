"""The permutation test of Chen et al. 2016 and Kong et al. 2021: is a gene's prediction that gene's own?"""

from collections import Counter

import numpy as np

from landmark.evaluation.accuracy import blocks, unit_columns
from landmark.progress import Progress, Report, silent

LEVEL = 0.01
"""A gene is significant when its p-value is below this."""

FEWEST = 5
"""From fewer samples no gene is called significant: of two, every correlation is +1 or -1, and chance fits too well."""

FEWEST_GENES = 100
"""Among fewer genes none is called significant: below 1 in 100 would mean no more than better than all others."""

ROUNDING = 1e-6
"""Correlations closer than this are equal: float32 products do not tell them apart."""


def permutation_test(true: np.ndarray, predicted: np.ndarray, *, report: Report = silent) -> np.ndarray:
    """Compare each gene's correlation with its prediction to that of all other genes with the same prediction.

    p_j = share of the genes i other than j with corr(true_i, predicted_j) >= corr(true_j, predicted_j).

    Genes whose measured values are copies of each other are one gene under two names: they do not count against each
    other. From fewer than five samples there is no p-value: NaN.

    All genes serve as the permutations, so there is no chance in it. Genes measured as constant have no
    correlation: they are nobody's permutation, and their own p-value is NaN. A constant prediction is no gene's
    own: its p-value is 1. A gene without any other has nothing to be compared with: NaN.

    Parameters
    ----------
    true, predicted
        [samples, genes].
    report
        Told about progress.

    Returns
    -------
    ndarray
        p-values, float64 [genes].
    """
    genes = true.shape[1]
    Y, P = unit_columns(true.astype(np.float32)), unit_columns(predicted.astype(np.float32))
    varies, says_something = Y.any(axis=0), P.any(axis=0)
    others = int(varies.sum()) - 1
    p_values = np.full(genes, np.nan)
    if others < 1 or len(true) < FEWEST:
        return p_values
    copies = _copies(true)
    Y_varying = np.ascontiguousarray(Y[:, varies].T)
    for columns in blocks(genes):
        report(Progress("Permutation test", columns.start, genes, "gene"))
        own = np.einsum("ij,ij->j", Y[:, columns], P[:, columns])
        correlation = Y_varying @ P[:, columns]
        as_good = (correlation >= own - np.float32(ROUNDING)).sum(axis=0)
        p_values[columns] = np.maximum(as_good - copies[columns], 0) / others
    report(Progress("Permutation test", genes, genes, "gene"))
    p_values[~says_something] = 1
    p_values[~varies] = np.nan
    return p_values


def significant(p_values: np.ndarray) -> np.ndarray:
    """Tell which genes are predicted as their own, bool [genes]: p below ``LEVEL``, among at least 100 genes.

    The p-values are not corrected for their number: if nothing were learned, about one gene in 100 would pass.
    """
    p_values = np.asarray(p_values, dtype=np.float64)
    return (p_values < LEVEL) & (np.isfinite(p_values).sum() >= FEWEST_GENES)


def _copies(true: np.ndarray) -> np.ndarray:
    """Count, for every gene, the genes with exactly its values, itself among them, int64 [genes]."""
    columns = [column.tobytes() for column in np.ascontiguousarray(true.T)]
    counts = Counter(columns)
    return np.array([counts[column] for column in columns])
