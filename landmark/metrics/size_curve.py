"""Accuracy of ridge regression against the size of a gene set: every size from one factorisation.

Every size has the penalty of the largest and predicts the same targets.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from scipy.linalg import solve_triangular

from landmark.decompositions import cholesky
from landmark.errors import BadData
from landmark.inference.ridge import PENALTIES, gather, times_cross, validation_errors
from landmark.inference.split import SplitExpression
from landmark.metrics.per_gene import unit_columns
from landmark.progress import Progress, Report, silent

RECOVERED = 0.7
"""A target gene counts as recovered from this correlation on: half of its variance is then told."""

_BLOCK = 2**17
"""Values that are worked on at once: 512 kB of float32, which stay in a processor's cache."""


@dataclass(frozen=True)
class SizeCurve:
    """Accuracy of ridge regression on the first genes of an order.

    Attributes
    ----------
    table
        set; size; mae and pcc, means over targets, in standard deviations of the training samples; recovered, the
        share of targets whose pcc reaches the wished one.
    penalty
        Of the regression, chosen at the largest size and used at every size.
    """

    table: pd.DataFrame
    penalty: float


def size_curve(
    name: str,
    split: SplitExpression,
    ordered: Sequence[str],
    targets: Sequence[str],
    *,
    penalties: tuple[float, ...] = PENALTIES,
    sizes: Sequence[int] | None = None,
    recovered: float = RECOVERED,
    seed: int = 0,
    report: Report = silent,
) -> SizeCurve:
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
    penalties
        To choose from on validation samples at the largest size; a single one is taken as it is.
    sizes
        Numbers of genes to measure, each from 1 to the number of ordered genes; by default every one.
    recovered
        Correlation from which a target counts as recovered.
    seed
        Chooses the validation samples.
    report
        Told about progress.

    Raises
    ------
    BadData
        If a size is out of bounds, a target is one of the ordered genes, or there is no target.
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
    if not targets:
        raise BadData(f"No target genes are left to predict from {name!r}. Choose a smaller largest size.")
    A, B, penalty = _factors(split, ordered[: wanted[-1]], targets, penalties, seed, report)
    figures = _measured(A, B, split.test_columns(targets), np.array(wanted), recovered, report)
    return SizeCurve(pd.DataFrame({"set": name, "size": wanted, **figures}), penalty)


def _factors(
    split: SplitExpression,
    ordered: Sequence[str],
    targets: Sequence[str],
    penalties: tuple[float, ...],
    seed: int,
    report: Report,
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return A [ordered, targets], B [test samples, ordered], both float64, and the penalty."""
    task = split.task(ordered, targets, seed)
    moments = gather(task, report)
    penalty = penalties[int(np.argmin(validation_errors(moments, np.array(penalties))))]
    X = task.landmarks.astype(np.float64)
    L = cholesky(X.T @ X + penalty * np.eye(len(ordered)), lower=True)
    A = times_cross(partial(solve_triangular, L, lower=True), task, moments)
    B = solve_triangular(L, split.test_columns(ordered).astype(np.float64).T, lower=True).T
    return A, B, penalty


def _measured(
    A: np.ndarray, B: np.ndarray, true: np.ndarray, sizes: np.ndarray, recovered: float, report: Report
) -> dict[str, np.ndarray]:
    """Average over targets at every size; targets measured as constant have no correlation."""
    mean = B.mean(axis=0)
    centred = B - mean
    gram = centred.T @ centred
    thin = B.astype(np.float32)

    def measured(columns: slice) -> tuple[np.ndarray, np.ndarray]:
        unit = unit_columns(true[:, columns].astype(np.float64))
        pcc = _correlations(A[:, columns], centred, gram, unit, sizes)[:, unit.any(axis=0)]
        return _absolute_errors(A[:, columns], thin, true[:, columns], sizes), pcc

    error, correlation = np.zeros(len(sizes)), np.zeros(len(sizes))
    count = np.zeros(len(sizes), dtype=np.int64)
    varying = 0
    blocks = list(_blocks(*true.shape))
    # one thread per core: NumPy's loops over a block run on one core each
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for columns, (absolute, pcc) in zip(blocks, threads.map(measured, blocks), strict=True):
            report(Progress("Measuring sizes", columns.start, true.shape[1], "target gene"))
            error += absolute
            correlation += pcc.sum(axis=1)
            count += (pcc >= recovered).sum(axis=1)
            varying += pcc.shape[1]
    report(Progress("Measuring sizes", true.shape[1], true.shape[1], "target gene"))
    return {
        "mae": error / true.size,
        "pcc": correlation / varying if varying else np.full(len(sizes), np.nan),
        "recovered": count / true.shape[1],
    }


def _absolute_errors(A: np.ndarray, B: np.ndarray, true: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Sum |true - B[:, :k] A[:k]| at every size k, [sizes]: the residual shrinks by one product per size."""
    residual = np.array(true, np.float32, order="C")
    product = np.empty_like(residual)
    thin = np.ascontiguousarray(A, dtype=np.float32)
    sums = np.empty(len(sizes))
    done = 0
    for place, size in enumerate(sizes):
        if size == done + 1:  # an outer product in NumPy's own loops: BLAS would wake its threads for nothing
            np.multiply(B[:, done:size], thin[done], out=product)
        else:
            np.matmul(B[:, done:size], thin[done:size], out=product)
        np.subtract(residual, product, out=residual)
        sums[place] = np.abs(residual, out=product).sum()
        done = size
    return sums


def _correlations(
    A: np.ndarray, centred: np.ndarray, gram: np.ndarray, unit: np.ndarray, sizes: np.ndarray
) -> np.ndarray:
    """Correlate prediction and measurement at every size, [sizes, targets]; 0 where the prediction is constant.

    With P_k = B_k A_k the centred prediction from k genes, one more gene b adds b a to it. So its products with the
    targets grow by (b'Y) a, and its squares by 2 (b'B_k A_k) a + b'b a^2: all sizes come from two matrix products.
    """
    covariance = np.cumsum((centred.T @ unit) * A, axis=0)[sizes - 1]
    squares = np.cumsum((2 * np.tril(gram, -1) @ A + np.diag(gram)[:, None] * A) * A, axis=0)[sizes - 1]
    defined = squares > 1e-12 * max(1.0, float(squares.max(initial=0)))
    pcc = np.divide(covariance, np.sqrt(np.maximum(squares, 0)), out=np.zeros_like(covariance), where=defined)
    return np.clip(pcc, -1, 1)


def _blocks(samples: int, targets: int) -> Iterator[slice]:
    width = max(16, _BLOCK // samples)
    return (slice(start, min(start + width, targets)) for start in range(0, targets, width))


HIGHER_IS_BETTER = {"pcc": True, "mae": False, "recovered": True}
"""Columns of a size curve, and which way is better."""


def smallest_size_reaching(curve: pd.DataFrame, measure: str, wished: float) -> int | None:
    """Return the smallest size at which a curve reaches a value, or None where it never does.

    Parameters
    ----------
    curve
        Columns size and the measure; one set.
    measure
        ``mae``, ``pcc`` or ``recovered``.
    wished
        Value to reach, from below or, for ``mae``, from above.
    """
    reached = curve[measure] >= wished if HIGHER_IS_BETTER[measure] else curve[measure] <= wished
    return int(curve.loc[reached, "size"].min()) if reached.any() else None


def typical(random: pd.DataFrame) -> pd.DataFrame:
    """Return the median of several random orders at every size: size, mae, pcc, recovered."""
    return random.groupby("size", as_index=False)[["mae", "pcc", "recovered"]].median()


def at_size(curve: pd.DataFrame, size: int) -> pd.Series:
    """Return the row of the largest size measured up to a size; the first row where none is so small."""
    ordered = curve.sort_values("size")
    below = ordered[ordered["size"] <= size]
    return below.iloc[-1] if len(below) else ordered.iloc[0]
