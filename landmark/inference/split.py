"""Expression split into training and test samples, scaled by the training samples."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from landmark.data.scaling import Scaling
from landmark.errors import BadData
from landmark.inference.covariate import Labels
from landmark.inference.validation import validation_rows


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
        Expression as stored, [samples, genes].
    genes
        Names of the columns, unique.
    scaling
        Learned from ``train``; test samples have no say in it.
    labels
        An annotation of the samples that is an input beside the landmark genes; None for none.
    groups
        Of samples that belong together, such as those of a patient; None where every sample stands by itself.
    """

    train: np.ndarray
    test: np.ndarray
    genes: tuple[str, ...]
    scaling: Scaling
    _position: dict[str, int] = field(repr=False)
    labels: Labels | None = None
    groups: Groups | None = None

    @classmethod
    def of(
        cls,
        train: np.ndarray,
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
        return cls(train, test, tuple(genes), Scaling.learn(train), position, labels, groups)

    def validation_rows(self, seed: int) -> np.ndarray:
        """Choose validation samples among the training samples, bool [training samples]; see ``validation_rows``."""
        return validation_rows(len(self.train), seed, self.groups.train if self.groups else None)

    def train_columns(self, genes: Sequence[str]) -> np.ndarray:
        """Return some genes of the training samples, standardised, float32 [samples, genes]."""
        return self._columns(self.train, genes)

    def test_columns(self, genes: Sequence[str]) -> np.ndarray:
        """Return some genes of the test samples, standardised by training samples, float32 [samples, genes]."""
        return self._columns(self.test, genes)

    def scaling_of(self, genes: Sequence[str]) -> Scaling:
        """Return the scaling of some genes, in their order."""
        chosen = self._places(genes)
        return Scaling(self.scaling.shift[chosen], self.scaling.scale[chosen])

    def _columns(self, X: np.ndarray, genes: Sequence[str]) -> np.ndarray:
        return self.scaling_of(genes).apply(X[:, self._places(genes)])

    def _places(self, genes: Sequence[str]) -> np.ndarray:
        absent = [gene for gene in genes if gene not in self._position]
        if absent:
            raise BadData(
                f"{len(absent):,} of the {len(genes):,} genes asked for are not in this dataset, "
                f"{absent[0]} among them. Keep only genes that are measured."
            )
        return np.array([self._position[gene] for gene in genes], dtype=np.intp)
