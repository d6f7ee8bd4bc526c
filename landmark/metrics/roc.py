"""How well a score separates two classes, and the baseline for histone marks: logistic regression on levels."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_curve
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

PERMUTATIONS = 100
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Area:
    """Area under the ROC curve with its 95% interval, cut to 0-1."""

    value: float
    low: float
    high: float


def area(labels: np.ndarray, scores: np.ndarray) -> Area:
    """Compute the area under the ROC curve.

    Equal to the share of pairs of one sample of each class in which that of class 1 scores higher, ties counting half.
    The interval is normal with the variance of DeLong, DeLong, Clarke-Pearson (1988), from ranks as in Sun, Xu (2014).
    Where the classes are apart without exception that variance is zero, whatever the number of samples; the interval
    is then that of Clopper and Pearson (1934) for as many successes as the smaller class has samples.

    Parameters
    ----------
    labels
        0 or 1, both present, [samples].
    scores
        Higher for class 1, [samples].
    """
    positive, negative = scores[labels == 1], scores[labels == 0]
    m, n = len(positive), len(negative)
    ranks = stats.rankdata(np.concatenate([positive, negative]))
    value = (ranks[:m].sum() - m * (m + 1) / 2) / (m * n)
    above = (ranks[:m] - stats.rankdata(positive)) / n
    below = 1 - (ranks[m:] - stats.rankdata(negative)) / m
    variance = _variance(above) / m + _variance(below) / n
    reach = stats.norm.ppf((1 + CONFIDENCE) / 2) * np.sqrt(variance)
    low, high = max(value - reach, 0), min(value + reach, 1)
    certain = ((1 - CONFIDENCE) / 2) ** (1 / min(m, n))
    if value == 1:
        low = certain
    elif value == 0:
        high = 1 - certain
    return Area(float(value), float(low), float(high))


def curve(labels: np.ndarray, scores: np.ndarray) -> pd.DataFrame:
    """Return the corners of the ROC curve: columns false_positive_rate, true_positive_rate."""
    false, true, _ = roc_curve(labels, scores)
    return pd.DataFrame({"false_positive_rate": false, "true_positive_rate": true})


def area_by_chance(labels: np.ndarray, scores: np.ndarray, seed: int) -> float:
    """Return the mean area over ``PERMUTATIONS`` permutations of the labels."""
    random = np.random.default_rng(seed)
    return float(np.mean([area(random.permutation(labels), scores).value for _ in range(PERMUTATIONS)]))


def _variance(values: np.ndarray) -> float:
    return float(values.var(ddof=1)) if len(values) > 1 else 0.0


def score_by_levels(reads: np.ndarray, labels: np.ndarray, test_reads: np.ndarray) -> np.ndarray:
    """Learn from the mean reads of each mark over all bins, on a logarithmic scale, and score other genes.

    Parameters
    ----------
    reads, labels
        Training genes, [genes, bins, marks] and [genes].
    test_reads
        Genes to score, [genes, bins, marks].

    Returns
    -------
    ndarray
        Log-odds of being expressed, [genes].
    """
    model = make_pipeline(StandardScaler(), LogisticRegression())
    model.fit(_levels(reads), labels)
    scores: np.ndarray = model.decision_function(_levels(test_reads))
    return scores


def _levels(reads: np.ndarray) -> np.ndarray:
    """``log(1 + mean reads)``, [genes, marks]: reads are skewed, and a few rich genes would rule the fit."""
    levels: np.ndarray = np.log1p(reads.mean(axis=1))
    return levels
