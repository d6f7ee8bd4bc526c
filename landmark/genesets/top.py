"""The genes at the top of a ranking."""

import pandas as pd

from landmark.errors import BadData
from landmark.genesets.geneset import GeneSet


def top(ranking: pd.DataFrame, size: int, origin: str, name: str = "") -> GeneSet:
    """Take the most important genes of a ranking.

    Parameters
    ----------
    ranking
        Table with the columns ``gene`` and ``rank`` (1 = most important), in any order of rows.
    size
        Number of genes to take.
    origin
        Where the ranking came from.
    name
        Name of the set; by default "D" and its size, as in the paper's D1000.

    Raises
    ------
    BadData
        If the ranking has fewer genes than asked for, or size is not positive.
    """
    if not 1 <= size <= len(ranking):
        raise BadData(
            f"Cannot take the top {size:,} genes of a ranking of {len(ranking):,}. "
            f"Choose a number from 1 to {len(ranking):,}."
        )
    genes = ranking.sort_values("rank", kind="stable")["gene"].iloc[:size]
    return GeneSet(name or f"D{size}", tuple(genes), origin)
