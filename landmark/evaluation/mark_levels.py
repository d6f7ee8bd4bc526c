"""The plain peer of a network on histone marks: logistic regression on the mean level of each mark."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def score_by_levels(reads: np.ndarray, labels: np.ndarray, test_reads: np.ndarray) -> np.ndarray:
    """Learn from the mean reads of each mark over all bins, and score other genes.

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
    model.fit(reads.mean(axis=1), labels)
    scores: np.ndarray = model.decision_function(test_reads.mean(axis=1))
    return scores
