"""Tables that describe samples, and how they are joined to a matrix by sample name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import pandas as pd
from anndata import AnnData

from landmark.errors import BadData
from landmark.expression.columns import storable
from landmark.expression.formats.excel import Excel, sheet_lines
from landmark.expression.formats.gct import tidy
from landmark.expression.formats.layout import find_separator
from landmark.expression.formats.text import fields_of, is_text, lines_of
from landmark.expression.history import record
from landmark.expression.limits import Limits, limits
from landmark.expression.split import COLUMN as SPLIT
from landmark.expression.unpack import Source, source


@dataclass(frozen=True)
class Joined:
    """How a join went.

    Attributes
    ----------
    by
        The column of the table that holds the sample names.
    matched
        Number of samples that the table describes.
    samples_without
        Samples that the table does not describe; their annotations are missing.
    rows_without
        Names in the table that are no samples of the matrix.
    columns
        The annotations added.
    """

    by: str
    matched: int
    samples_without: tuple[str, ...]
    rows_without: tuple[str, ...]
    columns: tuple[str, ...]


def read_annotations(path: str | PathLike[str], within: Limits | None = None) -> pd.DataFrame:
    """Read a table of annotations: a header, then one line per sample; text with any separator, or Excel.

    Returns
    -------
    pandas.DataFrame
        All columns as text; missing values as empty text.

    Raises
    ------
    BadData
        The file is no table.
    """
    file = source(Path(path), within or limits())
    where = file.path.name
    kept, separator = _lines(file)
    header, *rows = (fields_of(line, separator) for line in kept)
    if len(header) == len(rows[0]) - 1:
        header = ["", *header]
    if len(header) > file.limits.annotations:
        raise BadData(f"{where} has {len(header):,} columns: it is no table of annotations.")
    for number, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise BadData(
                f"Line {number:,} of {where} has {len(row)} fields where {len(header)} are expected."
            )
    names = [name or f"column {i}" for i, name in enumerate(header, 1)]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BadData(f"{where} has several columns called {twice!r}. Make their names unique.")
    return pd.DataFrame(rows, columns=storable(names), dtype=object)


def _lines(file: Source) -> tuple[list[str], str]:
    """Take the lines of a table and find what separates their fields."""
    where = file.path.name
    if Excel().recognises(file.path, file.head()):
        with sheet_lines(file, dates=True) as cells:
            kept, separator = list(cells), "\t"
    elif is_text(file.head()):
        with lines_of(file) as lines:
            kept, separator = [line for line in lines if line.strip()], ""
    else:
        raise BadData(
            f"{where} is neither text nor Excel. Save the table of annotations as CSV, TSV or xlsx."
        )
    if len(kept) < 2:
        raise BadData(f"{where} describes no samples. A header and one line per sample are expected.")
    return kept, separator or find_separator(kept, where)


def match(samples: Sequence[str], table: pd.DataFrame, by: str | None = None) -> tuple[Joined, pd.DataFrame]:
    """Find the line of each sample in a table of annotations.

    Parameters
    ----------
    samples
        Names of the samples.
    table
        As ``read_annotations`` gives it.
    by
        The column with the sample names; found where not given, as the one with most names of samples.

    Returns
    -------
    Joined
        What was matched and what was not.
    pandas.DataFrame
        The other columns, one row per sample in the order of ``samples``; numbers where all of a column are.

    Raises
    ------
    BadData
        No column names samples, a sample is described twice, or a column would replace the split.
    """
    by = by or _naming_column(samples, table)
    if by not in table:
        raise BadData(f"The table has no column {by!r}. Columns: {', '.join(map(str, table.columns))}.")
    named = table.set_index(by)
    known = set(samples)
    counts = Counter(name for name in named.index if name in known)
    if not counts:
        raise BadData(
            f"No name in the column {by!r} is a sample of the matrix, which has for instance {samples[0]!r}; "
            f"the table has {named.index[0]!r}. Use the same names in both."
        )
    twice = sorted(name for name, count in counts.items() if count > 1)
    if twice:
        raise BadData(
            f"{len(twice)} samples are described more than once ({', '.join(twice[:5])}). Keep one line each."
        )
    if SPLIT in named:
        raise BadData(
            f"The column {SPLIT!r} is kept for the split into training and test samples. Rename it."
        )
    described = named[named.index.isin(known)].reindex(pd.Index(samples, dtype=object))
    joined = Joined(
        by,
        len(counts),
        tuple(name for name in samples if name not in counts),
        tuple(name for name in named.index if name not in known),
        tuple(map(str, described.columns)),
    )
    return joined, described.apply(lambda column: tidy(column))


def join(adata: AnnData, table: pd.DataFrame, by: str | None = None) -> Joined:
    """Add annotations to ``obs`` by sample name; the matrix is changed in place. Otherwise as ``match``."""
    joined, described = match(list(adata.obs_names), table, by)
    for column in described:
        adata.obs[str(column)] = described[column].to_numpy()
    record(
        adata,
        "Annotations joined",
        by=joined.by,
        columns=list(joined.columns),
        matched=joined.matched,
        samples_without=len(joined.samples_without),
        rows_without=len(joined.rows_without),
    )
    return joined


def keep(adata: AnnData, columns: Sequence[str]) -> None:
    """Keep some annotations of the samples and drop the others; the matrix is changed in place.

    Raises
    ------
    BadData
        There is no such annotation.
    """
    for name in columns:
        if name not in adata.obs:
            offered = ", ".join(map(str, adata.obs.columns)) or "none"
            raise BadData(f"There is no annotation {name!r} to keep. Annotations: {offered}.")
    dropped = [str(name) for name in adata.obs.columns if name not in set(columns)]
    adata.obs = adata.obs[list(columns)]
    record(adata, "Annotations chosen", kept=list(columns), dropped=dropped)


def _naming_column(samples: Sequence[str], table: pd.DataFrame) -> str:
    """Find the column with most names of samples; the first where they tie."""
    names = set(samples)
    return str(max(table.columns, key=lambda column: len(names & set(table[column]))))
