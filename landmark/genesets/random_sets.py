"""Random gene sets: what any choice of so many genes would reach."""

from collections.abc import Iterator, Sequence

import numpy as np

from landmark.errors import BadData
from landmark.genesets.geneset import GeneSet


def random_set(genes: Sequence[str], size: int, seed: int) -> GeneSet:
    """Draw genes without replacement, each with the same chance.

    Parameters
    ----------
    genes
        All genes of the dataset, unique. The draw depends on their order.
    size
        Number of genes to draw.
    seed
        Seed of this set: the same seed gives the same genes.

    Raises
    ------
    BadData
        If there are fewer genes than asked for, or size is not positive.
    """
    if not 1 <= size <= len(genes):
        raise BadData(
            f"Cannot draw {size:,} genes from {len(genes):,}. Choose a number from 1 to {len(genes):,}."
        )
    chosen = np.random.default_rng(seed).choice(len(genes), size, replace=False)
    return GeneSet(f"random {seed}", tuple(genes[i] for i in chosen), f"drawn at random with seed {seed}")


def random_sets(genes: Sequence[str], size: int, count: int, seed: int = 0) -> Iterator[GeneSet]:
    """Draw ``count`` sets one after another, with the seeds ``seed``, ``seed + 1`` and so on."""
    return (random_set(genes, size, seed + number) for number in range(count))
