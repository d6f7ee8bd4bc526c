"""An annotation of the samples, such as their tissue, as inputs beside the landmark genes.

Kim et al. 2025 give their network the organ of a sample. Here every group of the training samples becomes one column,
1 for its own samples and 0 for the others, standardised like a gene. So every predictor takes it without knowing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark.data.scaling import Scaling
from landmark.errors import BadData

MOST_GROUPS = 100
"""More groups than this are no tissue: each would be a column that a handful of samples explain."""


@dataclass(frozen=True)
class Labels:
    """An annotation of training and test samples.

    Attributes
    ----------
    name
        Of the annotation, such as "tissue".
    train, test
        Of each sample, empty where it is missing.
    """

    name: str
    train: tuple[str, ...]
    test: tuple[str, ...]


@dataclass(frozen=True)
class Covariate:
    """The groups of an annotation that training samples fall into.

    Attributes
    ----------
    name
        Of the annotation.
    groups
        Names of the groups, one per column.
    scaling
        Of the columns, learned from the training samples.
    """

    name: str
    groups: tuple[str, ...]
    scaling: Scaling

    @classmethod
    def learn(cls, labels: Labels, asked: str = "covariate") -> "Covariate":
        """Find the groups of the training samples; ``asked`` is the setting that names the annotation.

        Raises
        ------
        BadData
            If there are fewer than two groups, or so many that they tell single samples apart.
        """
        groups = tuple(sorted(set(labels.train) - {""}))
        samples = len(labels.train)
        if len(groups) < 2:
            raise BadData(
                f"{asked} = {labels.name!r}: all training samples have the same value or none, so it tells "
                "nothing. Choose an annotation with several groups, or none."
            )
        if len(groups) > min(MOST_GROUPS, samples // 2):
            raise BadData(
                f"{asked} = {labels.name!r}: its {len(groups):,} different values in {samples:,} training samples "
                "name single samples or are measurements, not groups. Choose an annotation such as the tissue."
            )
        own = _one_hot(groups, labels.train)
        return cls(labels.name, groups, Scaling.learn(own))

    @property
    def columns(self) -> tuple[str, ...]:
        """What the columns are called beside genes: "tissue: lung"."""
        return tuple(f"{self.name}: {group}" for group in self.groups)

    def inputs(self, labels: Sequence[str]) -> np.ndarray:
        """Return the columns of some samples, standardised, float32 [samples, groups].

        A sample of a group that no training sample has, or without annotation, gets zeros: the mean of the training
        samples, which says nothing about it.
        """
        scaled = self.scaling.apply(_one_hot(self.groups, labels))
        scaled[self.unknown(labels)] = 0
        return scaled

    def unknown(self, labels: Sequence[str]) -> np.ndarray:
        """Tell which samples belong to none of the groups, bool [samples]."""
        known = set(self.groups)
        return np.array([label not in known for label in labels], dtype=bool)


def _one_hot(groups: Sequence[str], labels: Sequence[str]) -> np.ndarray:
    return (np.array(labels, dtype=object)[:, None] == np.array(groups, dtype=object)).astype(np.float32)
