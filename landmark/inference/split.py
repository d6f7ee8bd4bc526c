"""Expression split into training and test samples, scaled by the training samples."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TypeGuard
from weakref import WeakValueDictionary

import numpy as np

from landmark.data.scaling import Scaling
from landmark.errors import BadData
from landmark.inference.covariate import Covariate, Labels
from landmark.inference.predictor import Task
from landmark.training.data import Samples, columns_of, in_memory, scaled, scaling_of

VALIDATION_SHARE = 0.1
"""Share of the training samples that a method sets aside to judge its settings; D-GEX has 11% for it."""


def validation_rows(
    samples: int, seed: int, groups: np.ndarray | None = None, share: float = VALIDATION_SHARE
) -> np.ndarray:
    """Choose validation samples at random, bool [samples]: a share of them, at least one, never all.

    Parameters
    ----------
    samples
        Number of training samples.
    seed
        Of the draw.
    groups
        Number of the group of each sample, int [samples], where samples of a group (a patient, a study) belong
        together: groups are then taken whole, in random order, as long as they fit into the share; where none does,
        the smallest one. Where that would be more than half of the samples, they are drawn one by one.
    share
        Of the samples, by default a tenth.

    Raises
    ------
    BadData
        If there are fewer than two samples.
    """
    if samples < 2:
        raise BadData(f"There are {samples} training samples; at least 2 are needed to judge a prediction.")
    rng, wanted = np.random.default_rng(seed), max(1, round(share * samples))
    if groups is not None and (whole := _whole_groups(groups, wanted, rng)).mean() <= 0.5:
        return whole
    rows = np.zeros(samples, dtype=bool)
    rows[np.random.default_rng(seed).permutation(samples)[:wanted]] = True
    return rows


def _whole_groups(groups: np.ndarray, wanted: int, rng: np.random.Generator) -> np.ndarray:
    """Take whole groups in random order that fit into a number of samples; the smallest one where none fits."""
    units, sizes = np.unique(groups, return_counts=True)
    taken, count = [], 0
    for place in rng.permutation(len(units)):
        if count + sizes[place] <= wanted:
            taken.append(units[place])
            count += sizes[place]
    return np.isin(groups, taken or units[[np.argmin(sizes)]])


MOST_PRODUCTS = 2048
"""Of more training samples than this, products over all genes take longer than a regression does without them."""

BLOCK = 1024
"""Genes that are converted to float64 at once."""


def has_products(train: Samples) -> TypeGuard[np.ndarray]:
    """Say whether products of samples are worth their time: of few training samples, all of which are in memory."""
    return isinstance(train, np.ndarray) and len(train) <= MOST_PRODUCTS


def products_of(Z: np.ndarray) -> np.ndarray:
    """Return products of samples, Z Z' of standardised Z [samples, genes], float64 [samples, samples]."""
    found = np.zeros((len(Z), len(Z)))
    for start in range(0, Z.shape[1], BLOCK):
        some = Z[:, start : start + BLOCK].astype(np.float64)
        found += some @ some.T
    return found


@dataclass(frozen=True)
class Groups:
    """Which samples belong together, by the number of their group, int [samples] of either part."""

    train: np.ndarray
    test: np.ndarray


@dataclass(frozen=True)
class SplitExpression:
    """Training and test samples over the same genes.

    Columns are scaled when they are asked for, so that a large matrix is not kept twice.

    Attributes
    ----------
    train, test
        Expression as stored, [samples, genes]; training samples may be read as they are asked for.
    genes
        Names of the columns, unique.
    scaling
        Learned from ``train``; test samples have no say in it.
    labels
        An annotation of the samples that is an input beside the landmark genes; None for none.
    groups
        Of samples that belong together, such as those of a patient; None where every sample stands by itself.
    """

    train: Samples
    test: np.ndarray
    genes: tuple[str, ...]
    scaling: Scaling
    _position: dict[str, int] = field(repr=False)
    labels: Labels | None = None
    groups: Groups | None = None
    _in_use: WeakValueDictionary[tuple[str, ...], np.ndarray] = field(
        default_factory=WeakValueDictionary, repr=False, compare=False
    )

    @classmethod
    def of(
        cls,
        train: Samples,
        test: np.ndarray,
        genes: Sequence[str],
        labels: Labels | None = None,
        groups: Groups | None = None,
    ) -> "SplitExpression":
        """Bring the two parts together and learn the scaling.

        Raises
        ------
        BadData
            If a part has no samples, or the parts and the names do not agree on the number of genes.
        """
        if len(train) < 2 or len(test) < 2:
            raise BadData(
                f"There are {len(train)} training and {len(test)} test samples; each part needs at least 2. "
                f"Import the data again with another share held out."
            )
        if not train.shape[1] == test.shape[1] == len(genes):
            raise BadData(
                f"The training samples have {train.shape[1]:,} genes, the test samples {test.shape[1]:,}, and "
                f"there are {len(genes):,} names. All three must be the same."
            )
        position = {gene: i for i, gene in enumerate(genes)}
        return cls(train, test, tuple(genes), scaling_of(train), position, labels, groups)

    @classmethod
    def of_training(
        cls,
        train: Samples,
        genes: Sequence[str],
        labels: Labels | None = None,
        groups: np.ndarray | None = None,
    ) -> "SplitExpression":
        """Take training samples alone, [samples, genes], and the numbers of their groups; the test part is empty."""
        position = {gene: i for i, gene in enumerate(genes)}
        kept = None if groups is None else Groups(groups, groups[:0])
        return cls(train, train[:0], tuple(genes), scaling_of(train), position, labels, kept)

    def validation_rows(self, seed: int) -> np.ndarray:
        """Choose validation samples among the training samples, bool [training samples]; see ``validation_rows``."""
        return validation_rows(len(self.train), seed, self.groups.train if self.groups else None)

    def train_columns(self, genes: Sequence[str]) -> np.ndarray:
        """Return some genes of the training samples, standardised, float32 [samples, genes]."""
        return in_memory(self._columns(self.train, genes))

    def test_columns(self, genes: Sequence[str]) -> np.ndarray:
        """Return some genes of the test samples, standardised by training samples, float32 [samples, genes].

        Whoever asks for the same genes while they are in use gets the same array, which cannot be changed.
        """
        asked = tuple(genes)
        found = self._in_use.get(asked)
        if found is None:
            found = in_memory(self._columns(self.test, genes))
            found.setflags(write=False)
            self._in_use[asked] = found
        return found

    def task(
        self, landmarks: Sequence[str], targets: Sequence[str], seed: int, covariate: Covariate | None = None
    ) -> Task:
        """Return what a method learns from, to predict targets from landmark genes and an annotation.

        Raises
        ------
        BadData
            If a gene is not in the dataset, or a list is empty.
        """
        if not landmarks or not targets:
            raise BadData(
                f"There is nothing to predict: {len(landmarks):,} landmark genes and {len(targets):,} other "
                f"target genes. Choose a smaller gene set, or more target genes."
            )
        inputs = self.train_columns(landmarks)
        if covariate and self.labels:
            inputs = np.hstack([inputs, covariate.inputs(self.labels.train)])
        return Task(
            inputs,
            self._columns(self.train, targets),
            self.validation_rows(seed),
            len(covariate.groups) if covariate else 0,
            partial(self.products, targets) if has_products(self.train) else None,
            self.groups.train if self.groups else None,
        )

    def test_inputs(self, landmarks: Sequence[str], covariate: Covariate | None = None) -> np.ndarray:
        """Return what the test samples are predicted from, standardised, float32 [samples, inputs]."""
        inputs = self.test_columns(landmarks)
        return (
            np.hstack([inputs, covariate.inputs(self.labels.test)]) if covariate and self.labels else inputs
        )

    def products(self, genes: Sequence[str]) -> np.ndarray:
        """Return products of training samples over some genes, Z Z' of standardised Z, float64 [samples, samples].

        They are found from those over all genes, which are computed once.
        """
        others = np.delete(np.arange(len(self.genes)), self._places(genes))
        if 2 * len(others) > len(self.genes):
            return self._products(self._places(genes))
        return self._all_products - self._products(others)

    @cached_property
    def _all_products(self) -> np.ndarray:
        return self._products(np.arange(len(self.genes)))

    def _products(self, columns: np.ndarray) -> np.ndarray:
        found = np.zeros((len(self.train), len(self.train)))
        for start in range(0, len(columns), BLOCK):
            found += products_of(in_memory(self._at(self.train, columns[start : start + BLOCK])))
        return found

    def scaling_of(self, genes: Sequence[str]) -> Scaling:
        """Return the scaling of some genes, in their order."""
        return self.scaling.some(self._places(genes))

    def _columns(self, X: Samples, genes: Sequence[str]) -> Samples:
        return self._at(X, self._places(genes))

    def _at(self, X: Samples, columns: np.ndarray) -> Samples:
        return scaled(columns_of(X, columns), self.scaling.some(columns))

    def _places(self, genes: Sequence[str]) -> np.ndarray:
        absent = [gene for gene in genes if gene not in self._position]
        if absent:
            raise BadData(
                f"{len(absent):,} of the {len(genes):,} genes asked for are not in this dataset, "
                f"{absent[0]} among them. Keep only genes that are measured."
            )
        return np.array([self._position[gene] for gene in genes], dtype=np.intp)
