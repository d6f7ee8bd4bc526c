"""GCT 1.2 and 1.3, the text formats of the Broad Institute.

1.3: ``#1.3``; the numbers of rows, columns, facts per row and facts per column; a header; one line per fact
of the columns; one line per row. 1.2 has one fact per row (Description) and none per column. Rows are genes.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.expression.formats.notation import Notation, notation_of
from landmark.expression.formats.records import Record, fields_of, joined, numbered
from landmark.expression.formats.text import lines_of
from landmark.expression.formats.values import ABSENT, Layout, NotationAskedFor, numbers_of, read_values
from landmark.expression.table import Table
from landmark.expression.unpack import Source

UNKNOWN = ABSENT | {"-666"}
"""How files write a fact that is not known; those of LINCS have a number for it."""

CODE = re.compile(r"0\d+")
"""A number with a leading zero is a name: patient 007."""


class Gct:
    """GCT, version 1.2 or 1.3."""

    name = "GCT"
    extensions = (".gct",)

    def recognises(self, path: Path, head: bytes) -> bool:
        """Both versions start with their number."""
        return head.removeprefix(b"\xef\xbb\xbf").startswith((b"#1.2", b"#1.3"))

    def read(self, source: Source) -> Table:
        """Read the matrix and all facts about rows and columns."""
        try:
            return _read(source)
        except NotationAskedFor:
            with _opened(source) as parts:
                notation = notation_of(numbers_of(parts.records, parts.layout))
        notation.check(source.path.name)
        return _read(source, notation)


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
    where = source.path.name
    with lines_of(source) as lines:
        records = numbered(lines)
        version = _line(records, where).split("\t")[0].strip()
        n_rows, n_columns, row_facts, column_facts = _sizes(_line(records, where), version, where)
        source.limits.check_matrix(n_rows, n_columns, source.path.stat().st_size, where)
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
    where = source.path.name
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
