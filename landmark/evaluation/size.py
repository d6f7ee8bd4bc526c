"""Accuracy against the size of a gene set, from one factorisation."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.linalg import cholesky, solve_triangular

from landmark.errors import BadData
from landmark.evaluation.accuracy import unit_columns
from landmark.inference.split import SplitExpression
from landmark.progress import Progress, Report, silent


def size_curve(
    name: str,
    split: SplitExpression,
    ordered: Sequence[str],
    targets: Sequence[str],
    penalty: float,
    *,
    sizes: Sequence[int] | None = None,
    report: Report = silent,
) -> pd.DataFrame:
    """Predict the targets from the first 1, 2, ... genes of an order by ridge regression.

    With G the gram of the ordered genes on the training samples, C their products with the targets and L the
    Cholesky factor of G + penalty I: A = L^-1 C and B = X_test L^-T. The leading k x k block of L is the factor
    for the first k genes alone, so B[:, :k] A[:k] is what separate regressions on k genes predict.

    Parameters
    ----------
    name
        Of the set, for the table.
    split
        Training and test samples.
    ordered
        Genes, most important first.
    targets
        Genes to predict, none of them among the ordered: the same at every size, so that sizes compare.
    penalty
        Of the ridge regression, the same at every size; ``predict(..., Ridge())`` chooses one for a set.
    sizes
        Numbers of genes to measure, each from 1 to the number of ordered genes; by default every one.
    report
        Told about progress.

    Returns
    -------
    DataFrame
        set, size, mae and pcc: means over targets, in standard deviations of the training samples.

    Raises
    ------
    BadData
        If a size is out of bounds or a target is one of the ordered genes.
    """
    wanted = sorted(set(range(1, len(ordered) + 1) if sizes is None else sizes))
    if not wanted or wanted[0] < 1 or wanted[-1] > len(ordered):
        raise BadData(f"Sizes must lie between 1 and {len(ordered):,}, the number of genes in {name!r}.")
    known = set(ordered)
    if inside := [gene for gene in targets if gene in known]:
        raise BadData(
            f"{len(inside):,} targets are genes of {name!r} themselves, {inside[0]} among them. "
            f"Targets must lie outside the set at its largest size."
        )
    report(Progress("Factorising", 0, wanted[-1], "gene"))
    A, B = _factors(split, ordered[: wanted[-1]], targets, penalty)
    curve = _Curve(A, B, split.test_columns(targets))
    rows = []
    for size in wanted:
        report(Progress("Measuring sizes", size, wanted[-1], "gene"))
        mae, pcc = curve.extend(size)
        rows.append({"set": name, "size": size, "mae": mae, "pcc": pcc})
    return pd.DataFrame(rows)


def _factors(
    split: SplitExpression, ordered: Sequence[str], targets: Sequence[str], penalty: float
) -> tuple[np.ndarray, np.ndarray]:
    X = split.train_columns(ordered).astype(np.float64)
    cross = np.empty((X.shape[1], len(targets)))
    for start in range(0, len(targets), 1024):
        columns = slice(start, start + 1024)
        cross[:, columns] = X.T @ split.train_columns(targets[columns])
    L = cholesky(X.T @ X + penalty * np.eye(X.shape[1]), lower=True)
    A = solve_triangular(L, cross, lower=True)
    B = solve_triangular(L, split.test_columns(ordered).astype(np.float64).T, lower=True).T
    return A.astype(np.float32), B.astype(np.float32)


class _Curve:
    """The prediction with a growing number of genes, and its mean accuracy.

    The centred prediction grows by one product per step. Its covariance with the targets grows by the products
    of their own columns, which were formed once; only the absolute error and the variance need to see all
    values.
    """

    def __init__(self, A: np.ndarray, B: np.ndarray, true: np.ndarray) -> None:
        self._A = A
        self._mean = B.mean(axis=0)
        self._B = B - self._mean
        self._true = true
        unit = unit_columns(true)
        self._varies = unit.any(axis=0)
        self._covariances = (self._B.T @ unit) * A
        self._size = 0
        self._centred = np.zeros_like(true)
        self._offset = np.zeros(true.shape[1], np.float32)
        self._covariance = np.zeros(true.shape[1], np.float64)
        self._residual = np.empty_like(true)

    def extend(self, size: int) -> tuple[float, float]:
        """Go on to a larger size and return mean MAE and mean PCC there; constant genes have no PCC."""
        new = slice(self._size, size)
        self._centred += self._B[:, new] @ self._A[new]
        self._offset += self._mean[new] @ self._A[new]
        self._covariance += self._covariances[new].sum(axis=0, dtype=np.float64)
        self._size = size
        np.subtract(self._true, self._centred, out=self._residual)
        self._residual -= self._offset
        np.abs(self._residual, out=self._residual)
        length = np.sqrt(np.einsum("ij,ij->j", self._centred, self._centred))
        pcc = np.divide(self._covariance, length, out=np.zeros_like(self._covariance), where=length > 0)
        mean_pcc = float(pcc[self._varies].mean()) if self._varies.any() else float("nan")
        return float(self._residual.mean(dtype=np.float64)), mean_pcc
