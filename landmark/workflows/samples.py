"""The training and held-out samples of a dataset, as networks and as predictors take them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.data.split import COLUMN, groups_kept_whole, rows
from landmark.errors import BadData
from landmark.inference.covariate import Labels
from landmark.inference.split import Groups, SplitExpression, validation_rows
from landmark.models.settings import AutoencoderConfiguration
from landmark.models.size import FLOAT32, fits_in_memory
from landmark.store import machine
from landmark.store.datasets import MATRIX, Dataset
from landmark.training.data import (
    Arrays,
    Chosen,
    Rows,
    Samples,
    Source,
    StoredMatrix,
    as_source,
    in_memory,
)


@dataclass(frozen=True)
class SplitSamples:
    """Samples of both parts of the split by genes, in the unit of the dataset."""

    train: Source
    test: Source
    genes: list[str]
    test_names: list[str]
    loaded: bool
    """Whether all of it is in memory."""
    groups: np.ndarray | None = None
    """Of training samples that belong together, such as those of a patient; None where each stands by itself."""


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
    return SplitSamples(Chosen(every, train), Chosen(every, test), list(genes), list(names), loaded, groups)


LOADED_BYTES = 250_000_000
"""Matrices up to this size are read at once; of larger ones samples are read as they are asked for, again and again."""


@dataclass(frozen=True)
class Expression:
    """A dataset that is read as it is asked for: its names, its annotations, samples."""

    dataset: Dataset

    @cached_property
    def about(self) -> AnnData:
        """Samples, genes, their annotations and what is known of them, without values."""
        return self.dataset.annotations()

    @cached_property
    def values(self) -> Source:
        """The values of all samples."""
        about = self.dataset.manifest
        if FLOAT32 * about.samples * about.genes <= LOADED_BYTES:
            return Arrays((self.dataset.load().X,))
        return StoredMatrix.open(self.dataset.folder / MATRIX)

    def samples(self, chosen: np.ndarray) -> Samples:
        """Return some samples by position, in their order: an array where all are in memory."""
        found = Rows(self.values, chosen)
        return found[:] if isinstance(self.values, Arrays) else found

    @cached_property
    def train(self) -> Samples:
        """The training samples; BadData where there are none."""
        return self.samples(rows(self.about, "train"))

    @cached_property
    def test(self) -> np.ndarray:
        """The test samples, which are read at once; BadData where there are none."""
        return in_memory(self.samples(rows(self.about, "test")))


def learning(
    train: Samples | Source,
    shown: Samples | Source,
    network: AutoencoderConfiguration,
    groups: np.ndarray | None = None,
) -> tuple[Source, Source]:
    """Set validation samples aside where they choose an epoch.

    Parameters
    ----------
    train, groups
        Training samples, [samples, genes], and which of them belong together; see ``validation_rows``.
    shown
        Samples whose loss is shown beside, where no epoch is chosen by it.
    network
        What is trained; its seed draws the validation samples.

    Returns
    -------
    learned, judging
        Samples to learn from, and samples whose loss is measured after every epoch: a tenth of the training samples,
        which is not learned from, where ``keep`` or ``early_stopping`` asks them.
    """
    train, shown = as_source(train, "The training data"), as_source(shown, "The validation data")
    if not network.chooses_epoch:
        return train, shown
    held = validation_rows(train.samples, network.seed, groups)
    return Chosen(train, np.flatnonzero(~held)), Chosen(train, np.flatnonzero(held))


def halves(samples: int, groups: np.ndarray | None, rng: np.random.Generator) -> list[np.ndarray]:
    """Divide samples in two at random, groups [samples] that belong together as wholes: positions, ascending."""
    units = np.arange(samples) if groups is None else groups
    names = np.unique(units)
    parts = np.array_split(rng.permutation(len(names)), 2)
    return [np.flatnonzero(np.isin(units, names[part])) for part in parts]


def split_expression(matrix: Expression, covariate: str = "") -> SplitExpression:
    """Divide a dataset into training and test samples.

    Parameters
    ----------
    covariate
        Annotation that is an input beside the landmark genes; empty for none.

    Raises
    ------
    BadData
        If a part has too few samples, or there is no such annotation.
    """
    about, labels = matrix.about, None
    if covariate:
        of_samples = annotation(about.obs, covariate)
        train, test = (tuple(of_samples.iloc[rows(about, part)]) for part in ("train", "test"))
        labels = Labels(covariate, train, test)
    names = tuple(map(str, about.var_names))
    return SplitExpression.of(matrix.train, matrix.test, names, labels, groups_of(about))


def groups_of(matrix: AnnData) -> Groups | None:
    """Return which samples the split keeps together, in both of its parts; None where it draws every sample."""
    whole = groups_kept_whole(matrix)
    return None if whole is None else Groups(whole[rows(matrix, "train")], whole[rows(matrix, "test")])


def annotation(of_samples: pd.DataFrame, name: str, asked: str = "covariate") -> pd.Series:
    """Return an annotation as text, empty where it is missing; BadData if there is none of the name that was asked."""
    offered = [str(column) for column in of_samples if column != COLUMN]
    if name not in offered:
        raise BadData(
            f"{asked} = {name!r}: the samples have no such annotation. Choose from: "
            f"{', '.join(offered) or 'there is none'}."
        )
    return written(of_samples[name])


def written(column: pd.Series) -> pd.Series:
    """Return an annotation as text without blanks around it, empty where it is missing."""
    return column.astype(object).where(column.notna(), "").astype(str).str.strip()
