"""Text tables of expression: a header of names, then one line per row, its name first.

Columns without a single number, and those known to describe genes, are kept as annotations of the rows. How numbers are
written is found for the whole file (see ``notation``); the file is then read again.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager

import pandas as pd

from landmark.errors import BadData
from landmark.expression.checks import looks_like_values
from landmark.expression.facts import is_about_gene
from landmark.expression.formats.columns import Columns, NoTable, columns_of
from landmark.expression.formats.notation import Notation, is_meant_as_number, is_number, notation_of
from landmark.expression.formats.values import MISSING, Layout, NotationAskedFor, numbers_of, read_values
from landmark.expression.identifiers import is_counter, recognise
from landmark.expression.table import Table

Opened = Callable[[], AbstractContextManager[Iterator[str]]]
"""Opens the lines of a table, each time from the first."""


def read_table(opened: Opened, where: str) -> Table:
    """Read a table; the axis of the genes is left open.

    Parameters
    ----------
    opened
        Opens the lines; up to three times, since a number at the end may say how those before it are meant.
    where
        The file, for messages.

    Raises
    ------
    NoTable
        The lines are no table, or hold no numbers.
    BadData
        The table has no header, or text where numbers are expected.
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
