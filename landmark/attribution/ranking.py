"""From contributions to one score per gene, the ranking, and how far a choice moves it."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from landmark.attribution.importance import Importance
from landmark.errors import BadConfiguration, BadData

Aggregation = Literal["mean_absolute", "absolute_mean"]
"""How contributions become one score per gene.

``mean_absolute``: mean over samples and units of ``|C|``, which counts a gene that pushes samples both ways.
``absolute_mean``: absolute value of the mean over samples, then the mean over units, in which opposite
contributions cancel.
"""


def scores(importance: Importance, aggregation: Aggregation = "mean_absolute") -> np.ndarray:
    """Score of every gene, [genes], in the units of the contributions."""
    if aggregation == "mean_absolute":
        return importance.mean_absolute.mean(axis=1)
    if aggregation == "absolute_mean":
        return np.abs(importance.mean).mean(axis=1)
    raise BadConfiguration(f"aggregation = {aggregation!r}: choose 'mean_absolute' or 'absolute_mean'.")


def rank_genes(scores: np.ndarray, genes: Sequence[str]) -> pd.DataFrame:
    """Rank genes by score [genes], equal ones in their order: gene, score, rank, the highest first with rank 1.

    Raises BadData if there is not one score per gene, or a score is missing.
    """
    scores = np.asarray(scores)
    if scores.shape != (len(genes),):
        raise BadData(f"There are {len(genes)} genes but scores of shape {scores.shape}; give one per gene.")
    if np.isnan(scores).any():
        missing = genes[int(np.isnan(scores).argmax())]
        raise BadData(f"The score of gene {missing} is missing, so genes cannot be ranked; score it first.")
    order = np.argsort(-scores, kind="stable")
    return pd.DataFrame(
        {
            "gene": np.asarray(genes, dtype=object)[order],
            "score": scores[order],
            "rank": np.arange(1, len(order) + 1),
        }
    )


def contribution_table(importance: Importance, genes: Sequence[str]) -> pd.DataFrame:
    """Mean ``|C|`` of every gene for every unit: columns ``gene``, ``unit_0``, ``unit_1``, ..."""
    values = importance.mean_absolute
    if len(values) != len(genes):
        raise BadData(f"There are {len(genes)} gene names but contributions of {len(values)} genes.")
    table = pd.DataFrame(values, columns=[f"unit_{unit}" for unit in range(values.shape[1])])
    table.insert(0, "gene", np.asarray(genes, dtype=object))
    return table


def overlap(first: np.ndarray, second: np.ndarray, size: int) -> float:
    """Share of the ``size`` best genes by one score [genes] that are among the ``size`` best by another."""
    _check_pair(first, second)
    if not 1 <= size <= len(first):
        raise BadConfiguration(f"size = {size}: choose between 1 and {len(first)} genes.")
    return len(np.intersect1d(_best(first, size), _best(second, size))) / size


def rank_correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Spearman's correlation of two scores of the same genes; not a number where one score is constant."""
    _check_pair(first, second)
    if len(first) < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    return float(stats.spearmanr(first, second).statistic)


def split_half_stability(
    first: Importance, second: Importance, size: int, aggregation: Aggregation = "mean_absolute"
) -> tuple[float, float]:
    """Overlap of the best genes and Spearman's correlation of all, of rankings from two halves of the samples.

    Where one network scores both halves, it has learned from both, and the agreement says how steady the average over
    samples is, not whether other samples would have given another network.
    """
    one, other = scores(first, aggregation), scores(second, aggregation)
    return overlap(one, other, size), rank_correlation(one, other)


def _best(scores: np.ndarray, size: int) -> np.ndarray:
    return np.argsort(-np.asarray(scores), kind="stable")[:size]


def _check_pair(first: np.ndarray, second: np.ndarray) -> None:
    if np.ndim(first) != 1 or np.shape(first) != np.shape(second):
        raise BadData(
            f"Two rankings can be compared on the same genes only; the scores have shapes {np.shape(first)} "
            f"and {np.shape(second)}."
        )
