"""How rankings of the same genes agree, and where the genes of a list stand in one."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from landmark.errors import BadData


def agreement(first: pd.DataFrame, second: pd.DataFrame, size: int) -> tuple[float, float]:
    """How far two rankings agree.

    Parameters
    ----------
    first, second
        Tables with the columns ``gene`` and ``rank`` (1 = most important), in any order of rows.
    size
        Size of the sets at the top that are compared.

    Returns
    -------
    tuple
        Correlation of the ranks of all genes (Spearman's; not a number for a single gene), and the share of the
        ``size`` first genes that both name.

    Raises
    ------
    BadData
        If the rankings are not of the same genes.
    """
    one, other = (ranking.set_index("gene")["rank"] for ranking in (first, second))
    if set(one.index) != set(other.index):
        raise BadData("The rankings are not of the same genes, so they cannot be compared.")
    other = other.loc[one.index]
    # Ranks are 1, 2, 3, ... without ties, so that Pearson's correlation of ranks is Spearman's of scores.
    correlation = float(np.corrcoef(one, other)[0, 1]) if len(one) > 1 else float("nan")
    return correlation, float(((one <= size) & (other <= size)).sum() / size)


def standing(ranking: pd.DataFrame, genes: Collection[str], size: int) -> pd.DataFrame:
    """Find some genes in a ranking.

    Parameters
    ----------
    ranking
        Columns ``gene``, ``score`` and ``rank``.
    genes
        Genes of the ranking.
    size
        Size of the set at the top.

    Returns
    -------
    DataFrame
        rank, gene, score, chosen (whether it is among the first ``size``); the most important gene first.
    """
    found = ranking.loc[ranking["gene"].isin(set(genes)), ["rank", "gene", "score"]].sort_values("rank")
    return found.assign(chosen=found["rank"] <= size).reset_index(drop=True)
