"""The plain peer of a network on histone marks: logistic regression on the level of each mark."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


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
