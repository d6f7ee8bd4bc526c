"""Samples that are read where they are needed, so that attribution needs no more memory for more of them."""

from dataclasses import dataclass

import numpy as np

from landmark.training.data import Source


@dataclass(frozen=True)
class Rows:
    """Some samples of a source, sliced like an array [samples, genes] and read slice by slice.

    Attributes
    ----------
    source
        Of one array.
    chosen
        Which of its samples, in order.
    """

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
