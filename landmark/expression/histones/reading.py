"""One CSV file of histone counts as checked profiles of genes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.expression.histones.marks import BINS, MARKS
from landmark.expression.histones.table import read_table
from landmark.expression.limits import Limits


@dataclass(frozen=True)
class Genes:
    """The genes of one file.

    Attributes
    ----------
    path
        The file.
    names
        Genes in the order of their first lines, unique, str [genes].
    counts
        float32 [genes, 100, 5].
    labels
        0 or 1, int8 [genes].
    lines
        First line of each gene, [genes].
    """

    path: Path
    names: np.ndarray
    counts: np.ndarray
    labels: np.ndarray
    lines: np.ndarray


def read_genes(path: Path, within: Limits | None = None) -> Genes:
    """Read and check a file.

    Lines of a gene may come in any order; each of its 100 bins must be there once.

    Parameters
    ----------
    path
        A file in the published layout; see ``table``.
    within
        Limits on size; those of this machine if not given.

    Raises
    ------
    BadData
        With one sentence that names file, gene and line: a line does not have eight fields with numbers in their
        places, a bin is missing, there twice or no bin, a count is negative, a label is neither 0 nor 1 or changes
        within a gene.
    """
    return _Checked(path, read_table(path, within)).genes()


class _Checked:
    """The lines of one file, and what is wrong with them."""

    def __init__(self, path: Path, table: pd.DataFrame) -> None:
        self.path, self.table = path, table
        self.number, names = pd.factorize(table["gene"])
        self.names = np.asarray(names, dtype=str)

    def genes(self) -> Genes:
        """Put the lines in their places."""
        bins, label = self.table["bin"].to_numpy(), self.table["label"].to_numpy()
        counts = self.table[list(MARKS)].to_numpy()
        self._first(
            (bins < 1) | (bins > BINS) | (bins % 1 != 0),
            lambda row: f"there is no bin {bins[row]:g}; bins are numbered from 1 to {BINS}",
        )
        self._first(
            (label != 0) & (label != 1), lambda row: f"the label is {label[row]:g}; it must be 0 or 1"
        )
        self._first(
            (counts < 0).any(axis=1),
            lambda row: (
                f"the count of {MARKS[int(np.argmax(counts[row] < 0))]} is {counts[row].min():g}; "
                "counts cannot be negative"
            ),
        )
        place = self.number * BINS + bins.astype(np.int64) - 1
        self._each_bin_once(place)
        first = np.full(len(self.names), -1)
        first[self.number[::-1]] = np.arange(len(place))[::-1]
        self._first(
            label != label[first][self.number],
            lambda row: f"the label is {label[row]:g}, but {1 - label[row]:g} on the gene's lines before",
        )
        placed = np.empty((len(self.names) * BINS, len(MARKS)), np.float32)
        placed[place] = counts
        shaped = placed.reshape(len(self.names), BINS, len(MARKS))
        return Genes(self.path, self.names, shaped, label[first].astype(np.int8), first + 1)

    def _each_bin_once(self, place: np.ndarray) -> None:
        seen = np.bincount(place, minlength=len(self.names) * BINS)
        if (seen == 1).all():
            return
        again = pd.Series(place).duplicated().to_numpy()
        self._first(again, lambda row: f"bin {place[row] % BINS + 1} of this gene is there a second time")
        gene, bin_ = divmod(int(np.argmax(seen == 0)), BINS)
        last = int(np.flatnonzero(self.number == gene)[-1])
        missing = int((seen.reshape(-1, BINS)[gene] == 0).sum())
        self._refuse(
            last, f"bin {bin_ + 1} is missing; {BINS - missing} of {BINS} bins are there up to this line"
        )

    def _first(self, wrong: np.ndarray, say: Callable[[int], str]) -> None:
        if wrong.any():
            row = int(np.argmax(wrong))
            self._refuse(row, say(row))

    def _refuse(self, row: int, sentence: str) -> NoReturn:
        raise BadData(f"{self.path.name}, gene {self.table['gene'].iloc[row]}, line {row + 1}: {sentence}.")
