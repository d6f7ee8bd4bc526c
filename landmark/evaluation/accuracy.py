"""Accuracy of predicted genes: mean absolute error and Pearson correlation over samples, gene by gene."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

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
