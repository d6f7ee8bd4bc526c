"""The training and held-out samples of a dataset, as networks and as predictors take them."""

from collections.abc import Sequence
from dataclasses import dataclass

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
from landmark.training.data import Arrays, Chosen, Source, StoredMatrix, as_source


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


@dataclass(frozen=True)
class Rows:
    """Some samples of a source of one array, sliced like an array [samples, genes] and read slice by slice."""

    source: Source
    chosen: np.ndarray

    @classmethod
    def all(cls, source: Source) -> "Rows":
        """Take all samples of a source."""
        return cls(source, np.arange(source.samples))

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of samples and genes."""
        return len(self.chosen), self.source.widths[0]

    def __len__(self) -> int:
        return len(self.chosen)

    def __getitem__(self, place: slice | np.ndarray) -> np.ndarray:
        (X,) = self.source.read(self.chosen[place])
        return X


def learning(
    train: np.ndarray | Source,
    shown: np.ndarray | Source,
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


def split_expression(
    matrix: AnnData, genes: Sequence[str] | None = None, covariate: str = ""
) -> SplitExpression:
    """Divide a matrix into training and test samples.

    Parameters
    ----------
    genes
        Names of the columns, where they are known already.
    covariate
        Annotation that is an input beside the landmark genes; empty for none.

    Raises
    ------
    BadData
        If a part has too few samples, or there is no such annotation.
    """
    train, test = rows(matrix, "train"), rows(matrix, "test")
    labels = None
    if covariate:
        of_samples = annotation(matrix.obs, covariate)
        labels = Labels(covariate, tuple(of_samples.iloc[train]), tuple(of_samples.iloc[test]))
    names = tuple(matrix.var_names) if genes is None else tuple(genes)
    return SplitExpression.of(matrix.X[train], matrix.X[test], names, labels, groups_of(matrix))


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
