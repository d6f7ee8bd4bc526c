"""Tables of histone profiles, as DeepChrome publishes them, read and brought together per cell type."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np
import pandas as pd

from landmark.data.io.files import Limits, limits
from landmark.epigenome.layout import Files
from landmark.epigenome.profiles import BINS, MARKS, PARTS, Profiles, draw_split
from landmark.errors import BadData

COLUMNS = ("gene", "bin", *MARKS, "label")
LONGEST_LINE = 10_000
_NUMBERS = COLUMNS[1:]


def read_table(path: Path, within: Limits | None = None) -> pd.DataFrame:
    """Read the lines of a file; row i is line i + 1.

    Parameters
    ----------
    path
        The file.
    within
        Limits on size; those of this machine if not given.

    Returns
    -------
    DataFrame
        Columns ``COLUMNS``: gene as text, all others float64 and finite.

    Raises
    ------
    BadData
        The file is empty, not text, too large, or a line has not eight fields with numbers in their places; the
        message names file, gene and line.
    """
    content = _content(path, within or limits())
    try:
        table = pd.read_csv(
            io.BytesIO(content),
            header=None,
            dtype={0: str},
            na_filter=False,
            skip_blank_lines=False,
            quoting=3,
            encoding="utf-8-sig",
            low_memory=False,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError):
        return _line_by_line(path, content)
    numbers = table.iloc[:, 1:]
    sound = (
        table.shape[1] == len(COLUMNS)
        and all(kind.kind in "iuf" for kind in numbers.dtypes)
        and np.isfinite(numbers.to_numpy()).all()
        and not table[0].map(_bare).eq("").any()
    )
    if not sound:
        return _line_by_line(path, content)
    table.columns = pd.Index(COLUMNS)
    return table.astype(dict.fromkeys(_NUMBERS, np.float64)).assign(gene=table["gene"].map(_bare))


def _content(path: Path, within: Limits) -> bytes:
    if path.stat().st_size > within.unpacked_bytes:
        raise BadData(
            f"{path.name} has {path.stat().st_size / 1e6:,.0f} MB; at most {within.unpacked_bytes / 1e6:,.0f} MB are "
            "read. If the file is sound, raise LANDMARK_MAX_UPLOAD_MB."
        )
    content = path.read_bytes().rstrip()
    if not content:
        raise BadData(f"{path.name} is empty; it should have {BINS} lines per gene.")
    first = content[: LONGEST_LINE + 1].split(b"\n", 1)[0]
    if len(first) > LONGEST_LINE or b"\0" in first:
        raise BadData(f"{path.name} is not a text file of histone counts: its first line cannot be read.")
    return content


def _line_by_line(path: Path, content: bytes) -> pd.DataFrame:
    """Read slowly, so that the first line at fault can be named."""
    rows = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        try:
            fields = [_bare(field) for field in line.decode("utf-8-sig").split(",")]
        except UnicodeDecodeError:
            raise BadData(
                f"{path.name}, line {number}, is not plain text. Save the file as CSV in UTF-8."
            ) from None
        rows.append((fields[0], *_numbers(path, number, fields)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _numbers(path: Path, line: int, fields: list[str]) -> list[float]:
    if fields == [""]:
        raise BadData(f"{path.name}, line {line}, is empty; remove it.")
    gene = f"gene {fields[0]}" if fields[0] else "a gene without a name"
    if not fields[0]:
        raise BadData(f"{path.name}, line {line}, has no gene in its first column.")
    if len(fields) != len(COLUMNS):
        raise BadData(
            f"{path.name}, {gene}, line {line}: {len(fields)} columns where {len(COLUMNS)} are needed: gene, bin, "
            f"counts of the {len(MARKS)} marks, label."
        )
    found = []
    for name, field in zip(_NUMBERS, fields[1:], strict=True):
        number = _number(field)
        if number is None:
            header = " Remove the line if it is a header." if line == 1 else ""
            raise BadData(
                f"{path.name}, {gene}, line {line}: {field[:40]!r} in the column {name} is not a number.{header}"
            )
        found.append(number)
    return found


def _bare(field: str) -> str:
    """Take the quotes off that R and spreadsheets write around text."""
    plain = field.strip()
    return plain[1:-1].strip() if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "\"'" else plain


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) and "_" not in text else None


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


FEWEST = 3
"""Genes of a file without a split: one for each part."""


def read_cell_type(
    files: Files, validation: float, test: float, seed: int, within: Limits | None = None
) -> Profiles:
    """Read the files of one cell type.

    Parameters
    ----------
    files
        As ``layout.look`` found them.
    validation, test
        Shares of the genes where the file has no split.
    seed
        Of that split.
    within
        Limits on size; those of this machine if not given.

    Raises
    ------
    BadData
        As ``read_genes``; or a gene is in two files, or there are too few genes to split.
    """
    if "" in files.paths:
        genes = read_genes(files.paths[""], within)
        if len(genes.names) < FEWEST:
            raise BadData(
                f"{genes.path.name} holds {len(genes.names)} genes; at least {FEWEST} are needed for training, "
                "validation and test."
            )
        split = draw_split(genes.names, validation, test, seed)
        return Profiles(files.cell_type, genes.names, genes.counts, genes.labels, split)
    read = [read_genes(files.paths[part], within) for part in PARTS]
    _refuse_shared(read)
    return Profiles(
        files.cell_type,
        np.concatenate([genes.names for genes in read]),
        np.concatenate([genes.counts for genes in read]),
        np.concatenate([genes.labels for genes in read]),
        np.repeat(PARTS, [len(genes.names) for genes in read]),
    )


def _refuse_shared(read: list[Genes]) -> None:
    """Refuse a gene that is in two parts: it would be learned and then tested."""
    seen: dict[str, str] = {}
    for genes in read:
        for name, line in zip(genes.names.tolist(), genes.lines.tolist(), strict=True):
            if name in seen:
                raise BadData(
                    f"{genes.path.name}, gene {name}, line {line}: this gene is in {seen[name]} too; each gene must "
                    "be in one of the files only."
                )
        seen |= dict.fromkeys(genes.names.tolist(), genes.path.name)
