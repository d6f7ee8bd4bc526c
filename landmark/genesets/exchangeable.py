"""Genes of two sets that can stand for each other: they rise and fall together, so either measures the same."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from landmark.errors import BadConfiguration

THRESHOLD = 0.8
"""Genes are exchangeable from this correlation on, whatever its sign: a linear predictor reads a mirror image too."""


@dataclass(frozen=True)
class Exchange:
    """Pairs of genes, each of one set that the other lacks, every gene in one pair at most.

    Attributes
    ----------
    first, second
        Columns of the genes, int [pairs].
    correlation
        Pearson's, with its sign, [pairs].
    """

    first: np.ndarray
    second: np.ndarray
    correlation: np.ndarray

    def __len__(self) -> int:
        return len(self.first)


def exchange(X: np.ndarray, first: np.ndarray, second: np.ndarray, threshold: float = THRESHOLD) -> Exchange:
    """Match the genes that two sets do not share, one to one, as many as can be; of all such ways the closest.

    Parameters
    ----------
    X
        Expression, [samples, genes].
    first, second
        Columns of the two sets, int, each without repetition.
    threshold
        Least absolute Pearson correlation of two matched genes.

    Returns
    -------
    Exchange
        The matching with most pairs, and among those the one with the largest sum of absolute correlations.

    Raises
    ------
    BadConfiguration
        If the threshold is not above 0 and at most 1.
    """
    if not 0 < threshold <= 1:
        raise BadConfiguration(f"threshold = {threshold}: choose a correlation above 0, at most 1")
    left, right = np.setdiff1d(first, second), np.setdiff1d(second, first)
    found = correlations(X[:, left], X[:, right])
    near = np.abs(found)
    # One more pair weighs more than all correlations together, so their number comes first.
    weight = np.where(near >= threshold, min(found.shape) + near, 0.0)
    rows, columns = linear_sum_assignment(weight, maximize=True)
    kept = near[rows, columns] >= threshold
    rows, columns = rows[kept], columns[kept]
    return Exchange(left[rows], right[columns], found[rows, columns])


def correlations(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """Correlate the columns of two matrices of the same samples.

    Returns
    -------
    ndarray
        Pearson's correlation, float64 [columns of A, columns of B]; 0 where a column does not vary.
    """
    return _standard(A).T @ _standard(B)


def _standard(A: np.ndarray) -> np.ndarray:
    """Centre columns and bring them to length 1."""
    centred = A - A.mean(axis=0, dtype=np.float64)
    length = np.linalg.norm(centred, axis=0)
    # what rounding leaves of a constant column is no variation
    varies = length > 1e-6 * np.sqrt(len(A)) * np.maximum(np.abs(A).max(axis=0, initial=0), 1e-30)
    return np.where(varies, centred / np.where(varies, length, 1.0), 0.0)
