"""Sample metadata: a table of annotations is read, joined to the samples, and named so that it can be stored."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import pandas as pd
from anndata import AnnData

from landmark.data.history import record
from landmark.data.io.excel import read_beside
from landmark.data.io.files import Limits, Source, limits, source
from landmark.data.io.gct import tidy
from landmark.data.io.layout import NoTable, Opened, columns_of
from landmark.data.io.values import MISSING, Layout, is_marked, is_number, notation_of, read_texts
from landmark.data.split import COLUMN as SPLIT
from landmark.errors import BadData

RESERVED = {"_index": "index"}  # names that AnnData keeps for itself


def storable(names: Iterable[object]) -> list[str]:
    """Give names that can be stored in HDF5: without slashes, which divide folders there, and each once.

    ``tumor/normal`` becomes ``tumor_normal``; a name that stands already gets a number.
    """
    given: list[str] = []
    taken: set[str] = set()
    for name in names:
        plain = str(name).replace("/", "_").strip() or "annotation"
        plain = RESERVED.get(plain, plain)
        unique, number = plain, 1
        while unique in taken:
            number += 1
            unique = f"{plain} {number}"
        taken.add(unique)
        given.append(unique)
    return given


@dataclass(frozen=True)
class Joined:
    """How a join went."""

    by: str  # the column of the table that holds the sample names
    matched: int  # number of samples that the table describes
    # samples that the table does not describe; their annotations are missing
    samples_without: tuple[str, ...]
    rows_without: tuple[str, ...]  # names in the table that are no samples of the matrix
    columns: tuple[str, ...]  # the annotations added


def read_annotations(path: str | PathLike[str], within: Limits | None = None) -> pd.DataFrame:
    """Read a table of annotations: a header, then one line per sample; text with any separator, or Excel.

    All columns are text, empty where missing. BadData: the file is no table.
    """
    file = source(Path(path), within or limits())
    otherwise = f"{file.where} is neither text nor Excel. Save the table of annotations as CSV, TSV or xlsx."
    return read_beside(file, lambda opened: _table(opened, file), otherwise)


def _table(opened: Opened, file: Source) -> pd.DataFrame:
    """Read a table of text. Columns without name and values are left out; decimal commas become points."""
    where, most = file.where, file.limits.annotations
    with opened() as lines:
        columns = columns_of(lines, where)
        if len(columns.names) > most:
            raise BadData(f"{where} has {len(columns.names):,} columns: it is no table of annotations.")
        layout = Layout(where, columns.separator, columns.names, tuple(range(1, len(columns.names))))
        rows = read_texts(columns.body, layout)
    kept = [i for i, name in enumerate(columns.names) if name or any(row[i] for row in rows)]
    if not rows or len(kept) < 2:
        raise NoTable(f"{where} describes no samples. A header and one line per sample are expected.")
    names = [columns.names[i] or f"column {place}" for place, i in enumerate(kept, 1)]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BadData(f"{where} has several columns called {twice!r}. Make their names unique.")
    table = pd.DataFrame([[row[i] for i in kept] for row in rows], columns=storable(names), dtype=object)
    return _with_points(table)


def _with_points(table: pd.DataFrame) -> pd.DataFrame:
    """Write the numbers of a table with decimal points where it has decimal commas throughout."""
    numeric = []
    for column in table:
        present = [field for field in table[column] if field not in MISSING]
        if any(map(is_marked, present)) and all(is_number(field) or is_marked(field) for field in present):
            numeric.append(column)
    if not numeric:
        return table
    fields = "\n".join(field if field not in MISSING else "" for column in numeric for field in table[column])
    notation = notation_of([(fields, 1)])
    if notation.doubtful:
        return table
    return table.assign(
        **{str(column): [notation.number(field) or field for field in table[column]] for column in numeric}
    )


def match(samples: Sequence[str], table: pd.DataFrame, by: str | None = None) -> tuple[Joined, pd.DataFrame]:
    """Find the line of each sample in a table of annotations, by the column with most of their names if none is given.

    Beside how it went, the other columns, one row per sample in their order; numbers where all of a column are.
    BadData: no column names samples, a sample is described twice, or a column would replace the split.
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
    """Keep some annotations of the samples and drop the others, in place; BadData where one does not exist."""
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
