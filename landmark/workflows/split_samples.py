"""The training and held-out samples of a dataset: loaded where they fit in memory, else read from its file."""

from dataclasses import dataclass

import numpy as np

from landmark.data.split import groups_kept_whole, rows
from landmark.models.cost import fits_in_memory
from landmark.models.size import FLOAT32
from landmark.runs import machine
from landmark.runs.datasets import MATRIX, Dataset
from landmark.training.data import Arrays, Chosen, Source, StoredMatrix


@dataclass(frozen=True)
class SplitSamples:
    """Samples of both parts of the split, in the unit of the dataset.

    Attributes
    ----------
    train, test
        Samples by genes.
    genes
        Names of the columns.
    test_names
        Names of the held-out samples, in order.
    loaded
        Whether all of it is in memory.
    groups
        Of training samples that belong together, such as those of a patient; None where each stands by itself.
    """

    train: Source
    test: Source
    genes: list[str]
    test_names: list[str]
    loaded: bool
    groups: np.ndarray | None = None


def split_samples(dataset: Dataset) -> SplitSamples:
    """Open a dataset for a training. What is trained does not depend on whether it is loaded."""
    about = dataset.manifest
    loaded = fits_in_memory(FLOAT32 * about.samples * about.genes, machine.memory().total)
    matrix = dataset.load() if loaded else dataset.annotations()
    train, test = rows(matrix, "train"), rows(matrix, "test")
    every: Source = Arrays((matrix.X,)) if loaded else StoredMatrix.open(dataset.folder / MATRIX)
    whole = groups_kept_whole(matrix)
    groups = None if whole is None else whole[train]
    genes, names = matrix.var_names.astype(str), matrix.obs_names[test].astype(str)
    if not loaded:
        matrix.file.close()
    return SplitSamples(Chosen(every, train), Chosen(every, test), list(genes), list(names), loaded, groups)
