"""What two stored datasets have in common before one of them judges the other."""

from dataclasses import dataclass

import numpy as np

from landmark.data.shared_samples import shared_samples
from landmark.store.datasets import Dataset
from landmark.workflows.matching import FEWEST, common_genes, matched

MOST_VALUES = 40_000_000
"""Of datasets with more values, only the names of samples are compared: their values would take too long to read."""


@dataclass(frozen=True)
class Related:
    """Counts of what is in both datasets.

    Attributes
    ----------
    genes
        Genes by which they would be matched.
    samples
        Samples that are in both, by name or by values.
    """

    genes: int
    samples: int


def related(first: Dataset, other: Dataset) -> Related:
    """Count the genes and samples that two datasets share."""
    ours, theirs = first.annotations(), other.annotations()
    genes = common_genes(ours, theirs)
    names = [list(map(str, about.obs_names)) for about in (ours, theirs)]
    for about in (ours, theirs):
        about.file.close()
    sizes = [item.manifest.samples * item.manifest.genes for item in (first, other)]
    if genes < FEWEST or max(sizes) > MOST_VALUES:
        nothing = np.empty((0, 0))
        return Related(genes, shared_samples(nothing, np.empty((len(names[1]), 0)), *names).count)
    both = matched(first.load(), other.load())
    return Related(genes, shared_samples(both.first, both.other, *names).count)
