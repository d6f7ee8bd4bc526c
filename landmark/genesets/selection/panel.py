"""What is asked of a choice of genes, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from landmark.errors import BadConfiguration
from landmark.progress import Report


@dataclass(frozen=True)
class Panel:
    """The panel that is wanted.

    Attributes
    ----------
    size
        Number of genes, those of ``start`` included.
    start
        Columns that are in it whatever else is chosen, in their order: an existing panel to extend.
    never
        Columns that must not be in it.
    """

    size: int
    start: tuple[int, ...] = ()
    never: tuple[int, ...] = ()

    def free(self, genes: int) -> np.ndarray:
        """Tell which of so many genes may be chosen, those of the start included, bool [genes].

        Raises
        ------
        BadConfiguration
            More genes are asked for than may be chosen, the start is longer than the size, or a gene is in it
            twice or must not be chosen.
        """
        free = np.ones(genes, dtype=bool)
        free[list(self.never)] = False
        if not 1 <= self.size <= int(free.sum()):
            raise BadConfiguration(
                f"size = {self.size:,}: there are {int(free.sum()):,} genes that may be chosen; take from 1 to "
                "that number"
            )
        if len(self.start) > self.size:
            raise BadConfiguration(
                f"size = {self.size:,}: the panel to start from has {len(self.start):,} genes already; choose a "
                "larger size"
            )
        if len(set(self.start)) < len(self.start) or not free[list(self.start)].all():
            raise BadConfiguration(
                "A gene of the panel to start from is there twice, or is among those that must not be chosen."
            )
        return free


@dataclass(frozen=True)
class Chosen:
    """Genes in the order in which they were chosen.

    Attributes
    ----------
    order
        Columns, int [size].
    gain
        What each added, in the strategy's own measure, [size].
    companions
        Columns that each stands for, best first, int [size, companions]; empty where the strategy does not know.
    explained
        Share of each companion's variance that the gene added to what was explained, [size, companions].
    details
        What the strategy found or measured about itself, such as ``{"penalty": 2.0}``.
    """

    order: np.ndarray
    gain: np.ndarray
    companions: np.ndarray = field(default_factory=lambda: np.empty((0, 0), dtype=np.intp))
    explained: np.ndarray = field(default_factory=lambda: np.empty((0, 0), dtype=np.float32))
    details: Mapping[str, float] = field(default_factory=dict)


class Strategy(Protocol):
    """A way of choosing genes. Its own settings are fields of the implementation."""

    def __call__(self, X: np.ndarray, panel: Panel, report: Report) -> Chosen:
        """Choose columns of X, the training samples, standardised, float32 [samples, genes]."""
        ...
