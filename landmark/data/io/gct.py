"""GCT and GCTX, the formats of the Broad Institute and of L1000 data."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import h5py
import numpy as np
import pandas as pd

from landmark.data.io.files import Format, Source, Table
from landmark.data.io.h5ad import MAGIC
from landmark.data.io.hdf5 import all_values, annotation, dataset_at, no_values, open_hdf5, strings
from landmark.data.io.text import Record, fields_of, joined, lines_of, numbered
from landmark.data.io.values import (
    ABSENT,
    Layout,
    Notation,
    NotationAskedFor,
    notation_of,
    numbers_of,
    read_values,
)
from landmark.errors import BadData

UNKNOWN = ABSENT | {"-666"}  # how files write a fact that is not known; those of LINCS have a number for it
CODE = re.compile(r"0\d+")  # a number with a leading zero is a name: patient 007


def _read_gct(source: Source) -> Table:
    """Read the matrix and all facts about rows and columns."""
    try:
        return _read(source)
    except NotationAskedFor:
        with _opened(source) as parts:
            notation = notation_of(numbers_of(parts.records, parts.layout))
    notation.check(source.where)
    return _read(source, notation)


GCT = Format(
    "GCT",
    (".gct",),
    lambda suffix, head: head.removeprefix(b"\xef\xbb\xbf").startswith((b"#1.2", b"#1.3")),
    _read_gct,
)


@dataclass(frozen=True)
class _Parts:
    """What stands before the values, and their records."""

    layout: Layout
    rows: int
    row_facts: int
    column_facts: pd.DataFrame
    records: Iterator[Record]


@contextmanager
def _opened(source: Source) -> Iterator[_Parts]:
    """Read a file up to its values."""
    where = source.where
    with lines_of(source) as lines:
        records = numbered(lines)
        version = _line(records, where).split("\t")[0].strip()
        n_rows, n_columns, row_facts, column_facts = _sizes(_line(records, where), version, where)
        source.check_matrix(n_rows, n_columns)
        if max(row_facts, column_facts) > source.limits.annotations:
            raise BadData(
                f"{where} claims {max(row_facts, column_facts):,} facts per row or column; at most "
                f"{source.limits.annotations:,} are read."
            )
        header = fields_of(_line(records, where), "\t")
        width = 1 + row_facts + n_columns
        if len(header) < width or any(header[width:]):
            raise BadData(
                f"The header of {where} names {len(header) - 1 - row_facts:,} columns where its second "
                f"line says {n_columns:,}. The file is cut short or was changed by hand."
            )
        facts = _column_facts(records, column_facts, row_facts, header[:width], where)
        layout = Layout(where, "\t", header[:width], tuple(range(1, 1 + row_facts)), None)
        yield _Parts(layout, n_rows, row_facts, facts, records)


def _read(source: Source, notation: Notation | None = None) -> Table:
    where = source.where
    with _opened(source) as parts:
        layout = replace(parts.layout, notation=notation)
        values = read_values(joined(parts.records, "\t", len(layout.names), eager=False), layout)
    if len(values.rows) != parts.rows:
        raise BadData(
            f"{where} has {len(values.rows):,} rows of values where its second line says {parts.rows:,}. "
            "The file is cut short or was changed by hand."
        )
    return Table(
        values.numbers,
        values.rows,
        list(layout.names[1 + parts.row_facts :]),
        pd.DataFrame({name: tidy(values.texts[name]) for name in values.texts.columns}),
        parts.column_facts,
        genes_in="rows",
        notes=tuple(notation.notes()) if notation else (),
    )


def tidy(values: pd.Series) -> pd.Series:
    """Turn a fact's text into numbers where all of it is numeric, and mark what is not known as missing."""
    text = values.astype(object).where(~values.isin(UNKNOWN), np.nan)
    if any(isinstance(value, str) and CODE.fullmatch(value) for value in text):
        return text
    numbers = pd.to_numeric(text, errors="coerce")
    if text.isna().all():  # neither: a file of text cannot hold it
        return numbers.astype(np.float64)
    if numbers.notna().any() and numbers.notna().equals(text.notna()) and np.isfinite(numbers.dropna()).all():
        return numbers.astype(np.float64)
    return text


def _line(records: Iterator[Record], where: str) -> str:
    record = next(records, None)
    if record is None:
        raise BadData(f"{where} ends before its matrix begins. Download or save it again.")
    return record[1]


def _sizes(line: str, version: str, where: str) -> tuple[int, int, int, int]:
    fields = [field for field in line.split("\t") if field.strip()]
    expected = 2 if version == "#1.2" else 4
    if len(fields) < expected or not all(
        field.strip().isdecimal() and len(field) < 12 for field in fields[:expected]
    ):
        raise BadData(
            f"The second line of {where} should hold {expected} whole numbers, the sizes of its matrix."
        )
    numbers = [int(field) for field in fields[:expected]]
    return (
        (numbers[0], numbers[1], 1, 0) if expected == 2 else (numbers[0], numbers[1], numbers[2], numbers[3])
    )


def _column_facts(
    records: Iterator[Record], count: int, skip: int, header: list[str], where: str
) -> pd.DataFrame:
    facts = {}
    for _ in range(count):
        fields = fields_of(_line(records, where), "\t")
        if len(fields) < len(header) or any(fields[len(header) :]):
            raise BadData(
                f"The line {fields[0][:60]!r} of {where} has {len(fields):,} fields where its header has "
                f"{len(header):,}. The file is cut short or was changed by hand."
            )
        facts[fields[0]] = tidy(pd.Series(fields[1 + skip : len(header)], dtype=object))
    return pd.DataFrame(facts)


MATRIX, GENES, SAMPLES = "0/DATA/0/matrix", "0/META/ROW", "0/META/COL"


@contextmanager
def _opened_gctx(source: Source) -> Iterator[tuple[Table, h5py.Dataset]]:
    """Give all but the values, which stay in the file."""
    where = source.where
    with open_hdf5(source) as file:
        matrix = dataset_at(file, MATRIX, where)
        if matrix.ndim != 2 or matrix.dtype.kind not in "fiu":
            raise BadData(f"{where}: {MATRIX} should be a table of numbers, samples by genes.")
        source.check_matrix(*matrix.shape)
        samples, obs = _names_and_facts(file, SAMPLES, source)
        genes, var = _names_and_facts(file, GENES, source)
        if (len(samples), len(genes)) != matrix.shape:
            raise BadData(
                f"{where} names {len(samples):,} samples and {len(genes):,} genes for a matrix of "
                f"{matrix.shape[0]:,} x {matrix.shape[1]:,}. The file is damaged."
            )
        yield Table(no_values(matrix.shape), samples, genes, obs, var, genes_in="columns"), matrix


def _read_gctx(source: Source) -> Table:
    """Read the matrix and all plain facts about genes and samples."""
    with _opened_gctx(source) as (table, matrix):
        return replace(table, values=all_values(matrix))


GCTX = Format(
    "GCTX",
    (".gctx",),
    lambda suffix, head: head.startswith(MAGIC) and suffix == ".gctx",
    _read_gctx,
    _opened_gctx,
)
"""Told apart from other HDF5 files by its name."""


def _names_and_facts(file: h5py.File, place: str, source: Source) -> tuple[list[str], pd.DataFrame]:
    names = [name.strip() for name in strings(dataset_at(file, f"{place}/id", source.where), source)]
    facts = {}
    for fact in list(file[place])[: source.limits.annotations]:
        values = annotation(file[place][fact], source) if fact != "id" else None
        if values is not None and len(values) == len(names):
            facts[fact] = tidy(pd.Series(values)) if values.dtype == object else values
    return names, pd.DataFrame(facts, index=range(len(names)))
