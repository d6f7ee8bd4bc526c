"""Accuracy of whole samples, one by one and by tissue."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from landmark.data.scaling import Scaling
from landmark.metrics.paired import COVERAGE, LEAST_UNITS, redrawn, units_of
from landmark.metrics.per_gene import accuracy, blocks

MEASURES = (
    "mae",
    "overall_error",
    "pcc",
    "spearman",
    "mae_standardised",
    "pcc_standardised",
    "spearman_standardised",
)
"""Columns of ``sample_accuracy``."""


def sample_accuracy(true: np.ndarray, predicted: np.ndarray, scaling: Scaling) -> pd.DataFrame:
    """Measure every sample over its target genes.

    Highly expressed genes are highly expressed in nearly every sample, so measured and predicted values of a sample
    correlate even where a prediction is no more than the mean of each gene. Standardised by the training samples,
    genes have a mean of 0, and a correlation tells what is particular to the sample.

    Parameters
    ----------
    true, predicted
        Standardised, [samples, genes].
    scaling
        Of the genes: brings both back into the unit of the dataset.

    Returns
    -------
    DataFrame
        One row per sample. In the unit of the dataset: mae, the mean absolute error; overall_error, the Euclidean
        distance of measured and predicted values; pcc and spearman, their correlations over genes. The same of
        standardised values: mae_standardised, pcc_standardised, spearman_standardised. A correlation is 0 where the
        prediction is the same for all genes.
    """
    measured, inferred = scaling.invert(true), scaling.invert(predicted)
    own, standardised = accuracy(measured.T, inferred.T), accuracy(true.T, predicted.T)
    return pd.DataFrame(
        {
            "mae": own.mae,
            "overall_error": np.linalg.norm(inferred - measured, axis=1).astype(np.float64),
            "pcc": own.pcc,
            "spearman": rank_correlations(measured.T, inferred.T),
            "mae_standardised": standardised.mae,
            "pcc_standardised": standardised.pcc,
            "spearman_standardised": rank_correlations(true.T, predicted.T),
        }
    )


def rank_correlations(true: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Return Spearman's correlation of every column of two arrays [rows, columns], ties sharing their mean rank.

    NaN where the measured column does not vary, 0 where only the predicted one does not.
    """
    found = np.empty(true.shape[1])
    for columns in blocks(true.shape[1]):
        found[columns] = accuracy(ranks(true[:, columns]), ranks(predicted[:, columns])).pcc
    return found


def ranks(X: np.ndarray) -> np.ndarray:
    """Rank the values of every column, the smallest 1, float64 [rows, columns]."""
    found: np.ndarray = rankdata(X, axis=0)
    return found


def resampled_mean(
    differences: np.ndarray, *, resamples: int = 1000, seed: int = 0, groups: np.ndarray | None = None
) -> tuple[float, float]:
    """Return the interval that holds the mean of differences in 95% of resamples of the samples.

    Parameters
    ----------
    differences
        Of a measure of two predictions, [samples]; NaN where one has none, which is left out.
    resamples, seed
        How often samples are drawn with replacement, and the seed of the draws.
    groups
        Of samples that are drawn together; see ``redrawn``.
    """
    finite = np.isfinite(differences)
    known, together = differences[finite], None if groups is None else groups[finite]
    if units_of(known.size, together) < LEAST_UNITS:
        return float("nan"), float("nan")
    draws = redrawn(known.size, resamples, seed, together)
    low, high = np.quantile(draws @ known, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
    return float(low), float(high)


def tissue_accuracy(true: np.ndarray, predicted: np.ndarray, tissues: Sequence[str]) -> pd.DataFrame:
    """Average the error and the correlation of whole profiles over the samples of each tissue.

    A tissue has too few samples for a correlation per gene; so a sample's measured genes are correlated with its
    predicted ones.

    Parameters
    ----------
    true, predicted
        [samples, genes], standardised per gene.
    tissues
        Of each sample.

    Returns
    -------
    DataFrame
        tissue; samples; mae; pcc. The tissue with the largest mean pcc first.
    """
    profiles = accuracy(true.T, predicted.T)
    table = pd.DataFrame({"tissue": list(tissues), "samples": 1, "mae": profiles.mae, "pcc": profiles.pcc})
    means = table.groupby("tissue", sort=False).agg(
        samples=("samples", "sum"), mae=("mae", "mean"), pcc=("pcc", "mean")
    )
    return means.reset_index().sort_values(["pcc", "tissue"], ascending=[False, True], ignore_index=True)
