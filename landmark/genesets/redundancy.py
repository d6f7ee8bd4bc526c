"""Terms that say the same: those that share most of the genes by which they were found."""

import numpy as np
import pandas as pd
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

ALIKE = 0.5
"""Terms are of one group when their mean Jaccard index is at least this."""


def jaccard(genes: pd.Series) -> np.ndarray:
    """Compare terms by the genes of the set that they hold.

    Parameters
    ----------
    genes
        Genes of each term, separated by blanks, as in the table of ``enrich``; none empty.

    Returns
    -------
    ndarray
        Genes that two terms share, divided by the genes of either, float64 [terms, terms].
    """
    held = genes.str.get_dummies(" ").to_numpy(np.float64)
    shared = held @ held.T
    sizes = np.diag(shared)
    return shared / (sizes[:, None] + sizes - shared)


def term_groups(genes: pd.Series, alike: float = ALIKE) -> np.ndarray:
    """Put terms of much the same genes into groups, by average linkage of 1 - Jaccard.

    Parameters
    ----------
    genes
        As for ``jaccard``, the most important term first.
    alike
        Least mean Jaccard index of the terms joined.

    Returns
    -------
    ndarray
        Number of each term's group, from 1 in the order of the terms, int [terms].
    """
    if len(genes) < 2:
        return np.ones(len(genes), dtype=int)
    apart = 1 - jaccard(genes)
    np.fill_diagonal(apart, 0)
    tree = hierarchy.linkage(squareform(apart, checks=False), "average")
    found = hierarchy.fcluster(tree, 1 - alike + 1e-9, criterion="distance")
    return pd.factorize(found)[0] + 1
