"""How far figures and rankings move when everything is repeated with another seed."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from landmark.attribution.ranking import overlap, rank_correlation
from landmark.errors import BadData


def spread(values: pd.DataFrame) -> pd.DataFrame:
    """Summarise each figure over its repetitions.

    Parameters
    ----------
    values
        Columns seed, figure, value: one row per repetition and figure.

    Returns
    -------
    DataFrame
        figure; mean; standard_deviation, of a sample (n - 1 in the denominator), missing for a single value;
        minimum; maximum. Figures in order of their first appearance.
    """
    groups = values.groupby("figure", sort=False)["value"]
    return groups.agg(
        mean="mean", standard_deviation="std", minimum="min", maximum="max"
    ).reset_index()  # pandas takes n - 1


def pairwise_overlaps(rankings: Mapping[int, pd.DataFrame], size: int) -> pd.DataFrame:
    """Compare every two rankings of the same genes.

    Parameters
    ----------
    rankings
        Tables with the columns gene, score and rank, by seed.
    size
        Size of the sets at the top that are compared.

    Returns
    -------
    DataFrame
        first_seed, second_seed; overlap, the share of the ``size`` first genes that both name;
        rank_correlation, Spearman's, of the scores of all genes.

    Raises
    ------
    BadData
        If the rankings are not of the same genes.
    """
    scores, ranks = _aligned(rankings, "score"), _aligned(rankings, "rank")
    rows = [
        (
            first,
            second,
            overlap(-ranks[first].to_numpy(), -ranks[second].to_numpy(), size),
            rank_correlation(scores[first].to_numpy(), scores[second].to_numpy()),
        )
        for first, second in combinations(rankings, 2)
    ]
    return pd.DataFrame(rows, columns=["first_seed", "second_seed", "overlap", "rank_correlation"])


def gene_stability(rankings: Mapping[int, pd.DataFrame], size: int) -> pd.DataFrame:
    """Count for every gene how many rankings name it among their first.

    Parameters
    ----------
    rankings, size
        As for ``pairwise_overlaps``.

    Returns
    -------
    DataFrame
        gene; times, the number of rankings that have it among the first ``size``; mean_rank; best_rank;
        worst_rank. The gene named most often comes first, then the one with the lower mean rank.
    """
    ranks = _aligned(rankings, "rank")
    table = pd.DataFrame(
        {
            "gene": ranks.index,
            "times": (ranks <= size).sum(axis=1).to_numpy(np.int64),
            "mean_rank": ranks.mean(axis=1).to_numpy(),
            "best_rank": ranks.min(axis=1).to_numpy(np.int64),
            "worst_rank": ranks.max(axis=1).to_numpy(np.int64),
        }
    )
    order = ["times", "mean_rank", "gene"]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)


def _aligned(rankings: Mapping[int, pd.DataFrame], column: str) -> pd.DataFrame:
    """Return one column of all rankings side by side: genes as index, one column per seed."""
    columns = {seed: table.set_index("gene")[column] for seed, table in rankings.items()}
    aligned = pd.DataFrame(columns)
    if aligned.isna().any(axis=None):
        raise BadData(
            "The rankings are not of the same genes, so they cannot be compared. Rank models of one dataset."
        )
    return aligned
