"""Intervals and tests over the folds of cross-validation, which share most of their training samples.

The plain t-test takes folds as independent. They are not: two training parts overlap, so results of folds move
together, and the plain test calls luck a difference far too often. Nadeau and Bengio, Inference for the Generalization
Error, Machine Learning 52:239 (2003), correct the variance of the mean of J results to (1 / J + test / train) s^2,
with s^2 the sample variance and test / train the ratio of sample numbers; Bouckaert and Frank (PAKDD 2004) use it for
cross-validation that is repeated with several seeds. What varies here are samples, as in a new experiment. A bootstrap
over genes would answer another question, and too surely, as genes depend on each other.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

COVERAGE = 0.95
"""Probability that an interval holds the expected value."""

ROUNDING = 1e-12
"""Spread, relative to the values, that is taken as none."""


@dataclass(frozen=True)
class Estimate:
    """A mean over folds and seeds.

    Attributes
    ----------
    mean
        Over all results.
    low, high
        Interval at ``COVERAGE``; missing (NaN) where there is a single result.
    p
        Two-sided, of the mean being 0; 1 where all results are 0, missing where there is a single result.
    """

    mean: float
    low: float
    high: float
    p: float


def corrected_t(values: np.ndarray, test_to_train: float) -> Estimate:
    """Estimate a mean from the results of folds.

    Parameters
    ----------
    values
        One per fold and seed, [results]; missing ones (NaN) are left out.
    test_to_train
        Number of test samples over that of training samples, such as 1/4 with five folds.
    """
    values = np.asarray(values, dtype=np.float64)
    values = values[~np.isnan(values)]
    count, mean = len(values), float(values.mean()) if len(values) else float("nan")
    if count < 2:
        return Estimate(mean, float("nan"), float("nan"), float("nan"))
    deviation = float(values.std(ddof=1))
    if deviation <= ROUNDING * np.abs(values).max(initial=0):
        return Estimate(mean, mean, mean, 1.0 if mean == 0 else 0.0)
    error = np.sqrt(1 / count + test_to_train) * deviation
    half = error * float(stats.t.ppf((1 + COVERAGE) / 2, count - 1))
    p = 2 * float(stats.t.sf(abs(mean) / error, count - 1))
    return Estimate(mean, mean - half, mean + half, p)


def widened(half: float, count: int, level: float) -> float:
    """Widen half of an interval at ``COVERAGE`` of ``count`` results to one that misses with probability ``level``."""
    quantile = stats.t.ppf([1 - level / 2, (1 + COVERAGE) / 2], count - 1)
    return float(half * quantile[0] / quantile[1])


def holm(p_values: np.ndarray) -> np.ndarray:
    """Adjust p-values of one family of tests by Holm's step-down method (1979), [tests]; NaN stays and does not count.

    With p(1) <= ... <= p(m), the adjusted p(i) is the largest of (m - j + 1) p(j) for j up to i, and 1 at most.
    """
    p_values = np.asarray(p_values, dtype=np.float64)
    adjusted = np.full(len(p_values), np.nan)
    known = np.flatnonzero(~np.isnan(p_values))
    order = known[np.argsort(p_values[known], kind="stable")]
    factors = len(order) - np.arange(len(order))
    adjusted[order] = np.minimum(np.maximum.accumulate(factors * p_values[order]), 1.0)
    return adjusted
