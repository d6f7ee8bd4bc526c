"""Samples in an HDF5 file, for data larger than memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import h5py
import numpy as np

from landmark.errors import BadData

GAP = 16
"""Rows not asked for that are read along rather than jumped over."""

STRETCH = 512
"""Rows at most read at once: bounds the memory beside the result."""


@dataclass(frozen=True)
class StoredMatrix:
    """Rows of a dense matrix [samples, genes] in an HDF5 file, such as ``X`` of a stored dataset.

    Opened anew for every reading, so that it can be handed to any thread.

    Attributes
    ----------
    path, dataset
        The file and the matrix in it.
    rows
        The file's row of each sample, [samples].
    columns
        The file's columns to keep, [width].
    """

    path: Path
    dataset: str
    rows: np.ndarray
    columns: np.ndarray

    @classmethod
    def open(
        cls,
        path: Path,
        dataset: str = "X",
        *,
        rows: np.ndarray | None = None,
        columns: np.ndarray | None = None,
    ) -> Self:
        """Look into a file; all rows and columns by default.

        Raises
        ------
        BadData
            If there is no dense matrix of numbers.
        """
        with h5py.File(path, "r") as file:
            matrix = file.get(dataset)
            if not isinstance(matrix, h5py.Dataset) or matrix.ndim != 2 or matrix.dtype.kind not in "fiu":
                raise BadData(f"{path} holds no dense matrix {dataset}; import the dataset again.")
            samples, genes = matrix.shape
        every_row, every_column = np.arange(samples), np.arange(genes)
        return cls(
            path,
            dataset,
            every_row if rows is None else every_row[rows],
            every_column if columns is None else every_column[columns],
        )

    @property
    def samples(self) -> int:
        """Number of samples."""
        return len(self.rows)

    @property
    def widths(self) -> tuple[int, ...]:
        """Number of columns kept."""
        return (len(self.columns),)

    def read(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Read samples by index, neighbours in the file together."""
        wanted = self.rows[rows]
        order = np.argsort(wanted, kind="stable")
        result = np.empty((len(wanted), len(self.columns)), np.float32)
        with h5py.File(self.path, "r") as file:
            matrix = file[self.dataset]
            whole = np.array_equal(self.columns, np.arange(matrix.shape[1]))
            for places in _stretches(wanted, order):
                first, last = wanted[places[0]], wanted[places[-1]]
                stretch = matrix[first : last + 1]
                chosen = stretch[wanted[places] - first]
                result[places] = chosen if whole else chosen[:, self.columns]
        return (result,)


def _stretches(wanted: np.ndarray, order: np.ndarray) -> Iterator[np.ndarray]:
    """Cut places, ordered by file row, where the file is better read in two pieces."""
    begin = 0
    for end in range(1, len(order) + 1):
        if (
            end == len(order)
            or wanted[order[end]] - wanted[order[end - 1]] > GAP
            or wanted[order[end]] - wanted[order[begin]] >= STRETCH
        ):
            yield order[begin:end]
            begin = end
