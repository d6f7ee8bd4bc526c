"""Accuracy of predicted genes over samples, and the permutation test: is a prediction a gene's own?"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from landmark.progress import Progress, Report, silent

BLOCK = 512
"""Genes that are held in float64 at once."""


@dataclass(frozen=True)
class Accuracy:
    """How well each gene is predicted.

    Attributes
    ----------
    mae
        Mean absolute error in the units of the data, float64 [genes].
    pcc
        Pearson correlation of measured and predicted values, float64 [genes]. Where the measured values are
        all the same, there is nothing to correlate with and it is NaN. Where only the predicted values are all
        the same, the prediction says nothing about the samples and it is 0.
    """

    mae: np.ndarray
    pcc: np.ndarray


def accuracy(true: np.ndarray, predicted: np.ndarray) -> Accuracy:
    """Compute MAE and PCC of every gene; both arrays are [samples, genes]."""
    mae, pcc = np.empty(true.shape[1]), np.empty(true.shape[1])
    for columns in blocks(true.shape[1]):
        Y, P = true[:, columns].astype(np.float64), predicted[:, columns].astype(np.float64)
        mae[columns] = np.abs(Y - P).mean(axis=0)
        Y, P = unit_columns(Y), unit_columns(P)
        varies = Y.any(axis=0)
        pcc[columns] = np.where(varies, np.clip(np.einsum("ij,ij->j", Y, P), -1, 1), np.nan)
    return Accuracy(mae, pcc)


def within_groups(true: np.ndarray, predicted: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Correlate measured and predicted values of every gene within groups of samples, such as organs.

    Where groups differ in a gene, a prediction correlates with it over all samples by knowing no more than the groups.
    With n_g samples in group g and r_gj the correlation over them, gene j gets sum_g n_g r_gj / sum_g n_g, over the
    groups in which its measured values vary; where only the predicted ones do not, r_gj is 0.

    Parameters
    ----------
    true, predicted
        [samples, genes].
    groups
        Number of the group of each sample, int [samples]; -1 for samples of none, which are left out.

    Returns
    -------
    ndarray
        float64 [genes]; NaN for genes that vary within no group.
    """
    total, weight = np.zeros(true.shape[1]), np.zeros(true.shape[1])
    for group in np.unique(groups[groups >= 0]):
        inside = groups == group
        pcc = accuracy(true[inside], predicted[inside]).pcc
        known = np.isfinite(pcc)
        total[known] += inside.sum() * pcc[known]
        weight[known] += inside.sum()
    return np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > 0)


def unit_columns(X: np.ndarray) -> np.ndarray:
    """Centre every column and give it length 1, so that a product of two columns is their correlation.

    Columns that do not vary beyond the rounding of float32 become 0.

    Parameters
    ----------
    X
        [samples, genes].

    Returns
    -------
    ndarray
        [samples, genes], of the type of ``X``.
    """
    centred = X - X.mean(axis=0, dtype=np.float64)
    length = np.sqrt(np.einsum("ij,ij->j", centred, centred))
    # one part in a million of the largest value is what float32 keeps of a constant after some arithmetic
    rounding = 1e-6 * np.abs(X).max(axis=0, initial=0) * np.sqrt(len(X))
    unit = np.divide(centred, length, out=np.zeros_like(centred), where=length > rounding)
    return unit.astype(X.dtype, copy=False)


def blocks(genes: int) -> Iterator[slice]:
    """Divide columns into consecutive slices of at most ``BLOCK``."""
    return (slice(start, min(start + BLOCK, genes)) for start in range(0, genes, BLOCK))


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
    Y = np.empty((genes, len(true)), np.float32)
    for columns in blocks(genes):
        Y[columns] = unit_columns(true[:, columns].astype(np.float32)).T
    varies = Y.any(axis=1)
    others = int(varies.sum()) - 1
    p_values = np.full(genes, np.nan)
    if others < 1 or len(true) < FEWEST:
        return p_values
    copies = _copies(true)
    varying = Y if varies.all() else Y[varies]
    for columns in blocks(genes):
        report(Progress("Permutation test", columns.start, genes, "gene"))
        P = unit_columns(predicted[:, columns].astype(np.float32))
        own = np.einsum("ji,ij->j", Y[columns], P)
        as_good = (varying @ P >= own - np.float32(ROUNDING)).sum(axis=0)
        p_values[columns] = np.maximum(as_good - copies[columns], 0) / others
        p_values[columns][~P.any(axis=0)] = 1
    report(Progress("Permutation test", genes, genes, "gene"))
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
    digests = [
        blake2b(column, digest_size=16).digest()
        for columns in blocks(true.shape[1])
        for column in np.ascontiguousarray(true[:, columns].T)
    ]
    counts = Counter(digests)
    return np.array([counts[digest] for digest in digests])
