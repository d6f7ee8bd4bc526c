"""Layout of text tables: separator, header, names and values; among them CSV, TSV and their relatives."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice

import pandas as pd

from landmark.data.facts import is_about_gene
from landmark.data.gene_identifiers import is_counter, recognise
from landmark.data.gene_names import looks_like_values
from landmark.data.io.files import Format, Table
from landmark.data.io.text import BLANKS, Record, aligned, fields_of, is_text, joined, lines_of, numbered
from landmark.data.io.values import (
    MISSING,
    Layout,
    Notation,
    NotationAskedFor,
    is_meant_as_number,
    is_number,
    notation_of,
    numbers_of,
    read_values,
)
from landmark.errors import BadData

SEPARATORS = ("\t", ";", ",", "|", BLANKS)
"""In the order of trust: a comma may be a decimal sign, a blank part of a name."""

WINDOW = 60  # lines from which the layout is found
COMMENT = ("#", "!", "//", "%")


class NoTable(BadData):
    """What is read is no table at all, so another sheet may be the one meant."""


@dataclass(frozen=True)
class Columns:
    """The columns of a table, and its lines below the header."""

    separator: str  # stands between fields of ``body``
    names: list[str]  # one per column; empty where the header has none
    named_by: int  # position of the first column that holds anything
    window: list[list[str]]  # fields of the first lines below the header
    body: Iterator[Record]  # all lines below the header
    notes: tuple[str, ...]  # what was left out, one sentence each

    @cached_property
    def empty(self) -> frozenset[int]:
        """Positions of columns without a name in which nothing stands, as far as the window shows."""
        return frozenset(
            i for i, name in enumerate(self.names) if not name and not any(row[i] for row in self.window)
        )


@dataclass(frozen=True)
class _Shape:
    """Where the header is among the first records, and how many columns stand below it."""

    header: int
    width: int
    lacks_corner: bool


def columns_of(lines: Iterable[str], where: str) -> Columns:
    """Find the columns of a table; NoTable where no separator divides the lines into columns."""
    records = numbered(lines)
    ahead = list(islice(records, WINDOW))
    if not ahead:
        raise NoTable(f"{where} has no sheet or line that holds anything.")
    if len(ahead) < 2:
        raise NoTable(
            f"{where} has a single line, so it describes no samples. A header and one line per row are expected."
        )
    separator, eager, shape = _found(ahead, where)
    rest: Iterator[Record] = chain(ahead, records)
    if separator == BLANKS:
        rest, separator = aligned(rest), "\t"
    rest = joined(rest, separator, shape.width, eager)
    top = list(islice(rest, shape.header + 1))
    header = fields_of(top[-1][1].lstrip("#"), separator)
    names = ["", *header] if shape.lacks_corner else header
    names = [*names[: shape.width], *[""] * (shape.width - len(names))]
    first = list(islice(rest, WINDOW))
    window = [[*fields, *[""] * (shape.width - len(fields))] for fields in _divided(first, separator)]
    named_by = next((i for i, name in enumerate(names) if name or any(row[i] for row in window)), 0)
    notes = _about_top(top[:-1])
    if max([len(header) + shape.lacks_corner, *map(len, window)]) > shape.width:
        notes = (*notes, "The lines end with separators that no column follows; these are left out.")
    return Columns(separator, names, named_by, window, chain(first, rest), notes)


def _found(ahead: list[Record], where: str) -> tuple[str, bool, _Shape]:
    """Find the separator, whether quoted cells span lines, and the shape."""
    best, most = None, -1
    for separator in SEPARATORS:
        if (found := _tried(ahead, separator)) is None:
            continue
        eager, shape, rows = found
        # Where decimals have commas, these may divide lines as evenly as the separator does; blanks divide names.
        numeric = _numeric(rows[shape.header + 1 :], shape.width)
        if numeric > (2 * most if separator == BLANKS else most):
            best, most = (separator, eager, shape), numeric
    if best is not None:
        return best
    for separator in SEPARATORS[:-1]:  # a ragged table is refused later, with the number of its line
        rows = _divided(ahead, separator)
        first = next((i for i, row in enumerate(rows) if not _is_preamble(row, ahead[i][1], 3)), 0)
        width, lines = Counter(len(row) for row in rows[first:]).most_common(1)[0]
        if width > 1 and 2 * lines > len(rows[first:]):
            return separator, False, _Shape(first, width, len(rows[first]) == width - 1)
    raise NoTable(
        f"{where} is no table: no separator (tab, semicolon, comma or blanks) divides its lines into "
        "columns. Save it as CSV or TSV."
    )


def _tried(ahead: list[Record], separator: str) -> tuple[bool, _Shape, list[list[str]]] | None:
    """Divide the first lines by a separator: whether quoted cells span lines, the shape, and all fields."""
    mark = "\t" if separator == BLANKS else separator
    single = list(aligned(ahead)) if separator == BLANKS else ahead
    spanning = list(joined(single, mark, window=len(ahead) == WINDOW))
    # Tables with tabs rarely quote; where commas separate, an open quote is most often a cell with line breaks.
    for eager in (False, True) if mark == "\t" else (True, False):
        records = spanning if eager else single
        rows = _divided(records, mark)
        shape = _shape(rows, records)
        if shape and not _begins_too_late(rows, records, shape.header, mark):
            return eager, shape, rows
    return None


def _begins_too_late(rows: list[list[str]], records: Sequence[Record], header: int, mark: str) -> bool:
    """Tell whether a line above the header is the real one: another separator divides it, and all lines below.

    The line taken for the header then holds values, or pieces of them.
    """
    above = [line for _, line in records[:header] if not line.startswith(COMMENT)]
    below = [line for _, line in records[header:]]
    for other in SEPARATORS[:-1]:
        counts = [line.count(other) for line in above] if other != mark else []
        if any(count > 1 and all(line.count(other) >= count for line in below) for count in counts):
            return True
    names = rows[header][1:]
    numbers = sum(map(is_meant_as_number, names))
    return bool(above) and 3 * numbers > len(names) and not all(map(str.isdecimal, names))


def _numeric(body: list[list[str]], width: int) -> int:
    """Count columns of numbers, among the first ones and in the first lines."""
    return sum(
        all(i >= len(row) or row[i] in MISSING or is_meant_as_number(row[i]) for row in body[:20])
        for i in range(1, min(width, 200))
    )


def _shape(rows: list[list[str]], records: Sequence[Record]) -> _Shape | None:
    """Find the header and the width such that every line below the header has that width; None where there is none.

    A line of n fields fits widths from its last filled field to n. From the last line upwards, lines belong to the
    table while some width fits them all.
    """
    if len(rows) < 2:
        return None
    low, high = _filled(rows[-1]), len(rows[-1])
    first, most_below = len(rows) - 1, high
    while first and max(low, _filled(rows[first - 1])) <= min(high, len(rows[first - 1])):
        first -= 1
        most_below = high
        low, high = max(low, _filled(rows[first])), min(high, len(rows[first]))
    lines = [line for _, line in records]
    if low < 2:
        return None
    header, lacks_corner, preamble = first, False, first
    if first and _filled(rows[first - 1]) == low - 1:
        preamble = first - 1
        lacks_corner = not _is_title(rows, first - 1, lines)
    if lacks_corner:
        header = first - 1
    else:
        while header < len(rows) - 1 and _is_preamble(rows[header], lines[header], low):
            header += 1
        if header and _is_header_in_comment(rows, header, lines, low):
            header -= 1
        # Every line ends with a separator, the header one column earlier.
        ends_early = most_below == len(rows[header]) + 1
        lacks_corner = header == first and _filled(rows[header]) == low - 1 and ends_early
    above = all(_is_preamble(row, line, low) for row, line in zip(rows[:preamble], lines, strict=False))
    return _Shape(header, low, lacks_corner) if above and header < len(rows) - 1 else None


def _filled(row: list[str]) -> int:
    """Position after the last field that holds anything."""
    return next((i for i in range(len(row), 0, -1) if row[i - 1]), 0)


def _is_preamble(row: list[str], line: str, width: int) -> bool:
    """Tell whether a line above the header is a comment, a title, or names groups of columns."""
    filled = sum(map(bool, row))
    return (
        line.startswith(COMMENT)
        or (width > 2 and filled < 2)
        or (filled < 2 * width / 3 and width > 4)
        or (width == 2 and filled == 1 and len(row) == 1)
    )


def _is_title(rows: list[list[str]], at: int, lines: list[str]) -> bool:
    """Tell whether a line that is one field short stands above a header rather than being one without a corner."""
    is_named = (
        lines[at].startswith("#") and lines[at][1:2].isalnum()
    )  # a name follows the mark at once: "#gene"
    if lines[at].startswith(COMMENT) and not is_named:
        return True
    if len(rows[at]) == 1 and " " in rows[at][0]:
        return True
    return at + 2 < len(rows) and _is_above_numbers(rows, at + 1)


def _is_above_numbers(rows: list[list[str]], at: int) -> bool:
    """Tell whether a line has text over columns of numbers, as headers have."""
    below = rows[at + 1 :]
    return any(
        field not in MISSING
        and not is_meant_as_number(field)
        and all(i >= len(row) or row[i] in MISSING or is_meant_as_number(row[i]) for row in below)
        and any(i < len(row) and row[i] not in MISSING for row in below)
        for i, field in enumerate(rows[at])
    )


def _is_header_in_comment(rows: list[list[str]], at: int, lines: list[str], width: int) -> bool:
    """Tell whether the last comment above the first line of values is the header: "#gene, S1, S2"."""
    above = rows[at - 1]
    fits = width - 1 <= _filled(above) <= width <= len(above) + 1
    return (
        fits
        and width > 2
        and lines[at - 1].startswith("#")
        and _is_above_numbers(rows, at - 1)
        and not _is_above_numbers(rows, at)
    )


def _divided(records: Iterable[Record], separator: str) -> list[list[str]]:
    return [fields_of(line, separator) for _, line in records]


def _about_top(lines: Sequence[Record]) -> tuple[str, ...]:
    if not lines:
        return ()
    first = " ".join(lines[0][1].split())[:60]
    count = f"{len(lines)} lines" if len(lines) > 1 else "One line"
    return (f"{count} above the header left out, beginning with {first!r}.",)


Opened = Callable[[], AbstractContextManager[Iterator[str]]]
"""Opens the lines of a table, each time from the first."""


def read_table(opened: Opened, where: str) -> Table:
    """Read a table; the axis of the genes is left open.

    The lines are opened up to three times, since a number at the end may say how those before it are meant. NoTable:
    they are no table, or hold no numbers. BadData: there is no header, or text where numbers are expected.
    """
    try:
        with opened() as lines:
            return _read(lines, where)
    except NotationAskedFor:
        notation = _notation(opened, where)
    with opened() as lines:
        return _read(lines, where, notation)


def _read(lines: Iterable[str], where: str, notation: Notation | None = None) -> Table:
    columns, layout = _laid_out(lines, where, notation)
    values = read_values(columns.body, layout)
    texts = values.texts.set_axis(range(len(layout.texts)), axis="columns")
    empty = [k for k, i in enumerate(layout.texts) if i in columns.empty]
    for k in empty:
        if (filled := texts[k] != "").any():
            row = values.rows[int(filled.argmax())]
            raise BadData(
                f"Column {layout.texts[k] + 1} of {where} has no name, but values, the first in the row {row[:60]!r}. "
                "Name the column or remove it."
            )
    kept = values.texts.iloc[:, [k for k in range(len(layout.texts)) if k not in empty]]
    rows, annotations, notes = _name_rows(values.rows, kept)
    notes = [*columns.notes, *(notation.notes() if notation else ()), *notes]
    if empty:
        notes.append(f"Columns without a name and without values are left out: {len(empty)}.")
    if len(annotations.columns):
        notes.append(f"Kept as annotations, not as values: {', '.join(map(str, annotations.columns))}.")
    names = [columns.names[i] for i in layout.numbers]
    return Table(values.numbers, rows, names, annotations, notes=tuple(notes), names_may_repeat=True)


def _laid_out(lines: Iterable[str], where: str, notation: Notation | None) -> tuple[Columns, Layout]:
    columns = columns_of(lines, where)
    _check_header(columns.names[columns.named_by + 1 :], where)
    texts = _text_columns(columns)
    if len(texts) == len(columns.names) - 1:
        raise NoTable(
            f"{where} is no table of expression: all its columns are text. If it describes samples, "
            "add it as a table of annotations."
        )
    return columns, Layout(where, columns.separator, columns.names, texts, notation, columns.named_by)


def _notation(opened: Opened, where: str) -> Notation:
    """Look through the numbers of the whole file."""
    with opened() as lines:
        columns, layout = _laid_out(lines, where, None)
        notation = notation_of(numbers_of(columns.body, layout))
    notation.check(where)
    return notation


def _check_header(names: list[str], where: str) -> None:
    numbers = all(is_number(name) for name in names)
    if looks_like_values(names) or (numbers and len(set(names)) < len(names)):
        raise BadData(
            f"The first line of {where} holds values instead of names ({', '.join(names[:5])}). Add a "
            "header that names every column."
        )


def _text_columns(columns: Columns) -> tuple[int, ...]:
    """Positions of columns that describe genes, that hold nothing, or in which no number is meant."""
    texts = []
    for i, name in enumerate(columns.names):
        present = [row[i] for row in columns.window if row[i] not in MISSING]
        if i == columns.named_by:
            continue
        if i < columns.named_by or i in columns.empty or is_about_gene(name) or not _has_numbers(present):
            texts.append(i)
    return tuple(texts)


def _has_numbers(present: list[str]) -> bool:
    """Tell whether a column is one of numbers; one that holds nothing may be.

    Numbers of one length, some of them with a zero before, are codes: "001".
    """
    if present and all(map(str.isdecimal, present)) and len(set(map(len, present))) == 1:
        return len(present[0]) == 1 or not any(field[0] == "0" for field in present)
    return any(is_number(field) for field in present) or all(is_meant_as_number(field) for field in present)


def _name_rows(rows: list[str], annotations: pd.DataFrame) -> tuple[list[str], pd.DataFrame, list[str]]:
    """Take the row names from a column of text where the first column only counts, as pandas writes it."""
    if is_counter(rows):
        for column in annotations.columns:
            names = annotations[column].astype(str).tolist()
            if len(set(names)) == len(names) or recognise(names).share > 0.5:
                note = f"The first column only counts the rows; the column {str(column)!r} names them."
                return names, annotations.drop(columns=column), [note]
    return rows, annotations, []


DELIMITED = Format(
    "a table with separators (CSV, TSV)",
    (".csv", ".tsv", ".txt", ".tab"),
    lambda suffix, head: is_text(head),
    lambda source: read_table(lambda: lines_of(source), source.where),
)
"""Any text may be such a table."""
