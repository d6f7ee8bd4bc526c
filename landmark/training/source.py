"""Where training samples come from: arrays in memory, files, and views on both."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from landmark.data.scaling import STANDARD_DEVIATION_FLOOR, Kind, Scaling
from landmark.errors import BadData

PORTION = 512
"""Samples that are looked at together where their order does not matter."""


class Source(Protocol):
    """Samples that can be read in any order, each made of one or more rows of numbers."""

    @property
    def samples(self) -> int:
        """Number of samples."""
        ...

    @property
    def widths(self) -> tuple[int, ...]:
        """Columns of each array that ``read`` returns."""
        ...

    def read(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Read samples by index, each array new, float32 [len(rows), width]."""
        ...


def size_bytes(source: Source) -> int:
    """Memory of all samples as float32, in bytes."""
    return source.samples * sum(source.widths) * np.dtype(np.float32).itemsize


@dataclass(frozen=True)
class Arrays:
    """Samples in memory: arrays [samples, width] with one row per sample each."""

    arrays: tuple[np.ndarray, ...]

    @property
    def samples(self) -> int:
        """Number of samples."""
        return len(self.arrays[0])

    @property
    def widths(self) -> tuple[int, ...]:
        """Columns of each array."""
        return tuple(array.shape[1] for array in self.arrays)

    def read(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Read samples by index."""
        return tuple(np.asarray(array[rows], np.float32) for array in self.arrays)


@dataclass(frozen=True)
class Scaled:
    """A source whose one array is scaled while it is read."""

    source: Source
    scaling: Scaling

    @property
    def samples(self) -> int:
        """Number of samples."""
        return self.source.samples

    @property
    def widths(self) -> tuple[int, ...]:
        """Columns of the array."""
        return self.source.widths

    def read(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Read and scale samples by index."""
        (X,) = self.source.read(rows)
        # As Scaling.apply, but in place: a window of samples may be large.
        X -= self.scaling.shift
        X /= self.scaling.scale
        return (X,)


@dataclass(frozen=True)
class Paired:
    """Two sources side by side: row i of both belongs to the same sample."""

    first: Source
    second: Source

    @property
    def samples(self) -> int:
        """Number of samples."""
        return self.first.samples

    @property
    def widths(self) -> tuple[int, ...]:
        """Columns of the arrays of both."""
        return self.first.widths + self.second.widths

    def read(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Read samples by index."""
        return self.first.read(rows) + self.second.read(rows)


@dataclass(frozen=True)
class Chosen:
    """Some samples of a source: row i is row ``rows[i]`` of the source."""

    source: Source
    rows: np.ndarray

    @property
    def samples(self) -> int:
        """Number of chosen samples."""
        return len(self.rows)

    @property
    def widths(self) -> tuple[int, ...]:
        """Columns of each array."""
        return self.source.widths

    def read(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Read samples by index among the chosen ones."""
        return self.source.read(self.rows[rows])


def as_source(data: np.ndarray | Source, name: str) -> Source:
    """Take an array [samples, width] or a source.

    Raises
    ------
    BadData
        If an array is not a table of numbers with at least one row and one column.
    """
    if not isinstance(data, np.ndarray):
        return data
    if data.ndim != 2 or 0 in data.shape:
        raise BadData(
            f"{name} must be a table of samples x genes with at least one of each; it has shape {data.shape}."
        )
    if data.dtype.kind not in "fiu":
        raise BadData(f"{name} must hold numbers; it holds {data.dtype}.")
    return Arrays((data,))


def portions(samples: int) -> Iterator[np.ndarray]:
    """Indices of all samples in file order, some hundreds at a time."""
    for first in range(0, samples, PORTION):
        yield np.arange(first, min(first + PORTION, samples), dtype=np.int32)


def learn_scaling(source: Source, kind: Kind) -> Scaling:
    """Learn ``Scaling`` from a source of one array, a portion of rows at a time.

    Means and squared deviations of portions are merged in float64 as in Chan, Golub, LeVeque (1983), so that
    memory stays bounded and the result does not depend on where the rows lie.

    Raises
    ------
    BadData
        If a value is missing or infinite.
    """
    (genes,) = source.widths
    seen = 0
    mean, squares = np.zeros(genes), np.zeros(genes)
    low, high = np.full(genes, np.inf), np.full(genes, -np.inf)
    for rows in portions(source.samples):
        (X,) = source.read(rows)
        if not np.isfinite(X).all():
            raise BadData(
                f"{int((~np.isfinite(X).all(axis=0)).sum())} genes have missing or infinite values in the "
                "training samples; remove these genes or fill them in before training."
            )
        if kind == "unit":
            low, high = np.minimum(low, X.min(axis=0)), np.maximum(high, X.max(axis=0))
            continue
        here = X.mean(axis=0, dtype=np.float64)
        squares += ((X - here) ** 2).sum(axis=0)
        squares += (here - mean) ** 2 * (seen * len(X) / (seen + len(X)))
        mean += (here - mean) * (len(X) / (seen + len(X)))
        seen += len(X)
    if kind == "unit":
        return _affine(low, np.maximum(high - low, STANDARD_DEVIATION_FLOOR))
    return _affine(mean, np.sqrt(squares / seen) + STANDARD_DEVIATION_FLOOR)


def _affine(shift: np.ndarray, scale: np.ndarray) -> Scaling:
    return Scaling(shift.astype(np.float32), scale.astype(np.float32))
