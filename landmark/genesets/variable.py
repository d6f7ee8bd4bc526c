"""The genes that vary most between samples: the usual simple choice."""

from collections.abc import Sequence

import numpy as np

from landmark.errors import BadData
from landmark.genesets.geneset import GeneSet


def most_variable(train: np.ndarray, genes: Sequence[str], size: int) -> GeneSet:
    """Take the genes with the largest variance over training samples.

    Parameters
    ----------
    train
        Expression of the training samples, [samples, genes], before any scaling per gene.
    genes
        Names of the columns.
    size
        Number of genes to take.

    Raises
    ------
    BadData
        If there are fewer genes than asked for, or size is not positive.
    """
    if not 1 <= size <= len(genes):
        raise BadData(
            f"Cannot take the {size:,} most variable of {len(genes):,} genes. "
            f"Choose a number from 1 to {len(genes):,}."
        )
    variance = train.var(axis=0, dtype=np.float64)
    chosen = np.argsort(-variance, kind="stable")[:size]
    return GeneSet(f"V{size}", tuple(genes[i] for i in chosen), "largest variance over training samples")
