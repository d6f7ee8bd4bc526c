"""Numbers from lines of text, fast where all is well and exact about the place where it is not."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice

import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.expression.formats.notation import PLAIN, Notation, is_marked, leaves_doubt
from landmark.expression.formats.records import Record, fields_of

# fmt: off
MISSING = frozenset((
    "", "NA", "na", "N.A.", "n.a.", "N/A", "n/a", "NaN", "nan", "NAN", "-nan", "-NaN", "NULL", "null",
    "Null", "None", "<NA>", "<na>", "#N/A", "#n/a", "#NA", "#N/A N/A", "-1.#IND", "1.#QNAN", "--", "---", "----",
    "[Not Available]", "[Not Applicable]", "Not Available", "not available",
))
# fmt: on
"""How files write a missing value: R, Python, spreadsheets, GEO and TCGA."""

ABSENT = MISSING - {"None"}
"""Words for a fact that is not known. "None" is left as it is: of a treatment it says that there was none."""

BLOCK_CHARACTERS = 8_000_000
NEVER = "\x01"
"""A separator that no number holds."""


@dataclass(frozen=True)
class Layout:
    """How the lines of a table are built.

    Attributes
    ----------
    where
        The file, for messages.
    separator
        Stands between fields.
    names
        Name of every field, for messages.
    texts
        Positions of fields that hold text, besides the one that names the row; all others hold numbers.
    notation
        How numbers are written; None where that is not known yet: plain, and any other is asked for.
    named_by
        Position of the field that names the row.
    """

    where: str
    separator: str
    names: Sequence[str]
    texts: tuple[int, ...] = ()
    notation: Notation | None = PLAIN
    named_by: int = 0

    @cached_property
    def numbers(self) -> list[int]:
        """Positions of the fields of numbers."""
        texts = {self.named_by, *self.texts}
        return [i for i in range(len(self.names)) if i not in texts]

    @cached_property
    def texts_first(self) -> bool:
        """Whether the name and all texts stand before the numbers."""
        return self.named_by == 0 and self.texts == tuple(range(1, 1 + len(self.texts)))


class NotationAskedFor(Exception):
    """A number has signs that only the whole file can explain."""


@dataclass(frozen=True)
class Values:
    """What the lines held.

    Attributes
    ----------
    rows
        Name of each row.
    numbers
        float32 [rows, fields of numbers]; missing values are NaN.
    texts
        One column per field of text, in the order of ``Layout.texts``.
    """

    rows: list[str]
    numbers: np.ndarray
    texts: pd.DataFrame


def read_values(records: Iterable[Record], layout: Layout) -> Values:
    """Read all records of a table's body.

    Raises
    ------
    BadData
        A line has too few or too many fields, or text stands where a number is expected; the message names
        the line, the row, the column and the value.
    NotationAskedFor
        The layout knows no notation, and a number has signs that need one.
    """
    names: list[str] = []
    texts: list[list[str]] = []
    blocks: list[np.ndarray] = []
    doubt: bool | None = None if layout.notation else False
    for block in _blocks(records, layout):
        leading, numbers = _divide(block, layout)
        if doubt is not None:
            here = leaves_doubt(numbers)
            doubt = None if here is None else doubt or here
        names += [fields[0] for fields in leading]
        texts += [fields[1:] for fields in leading]
        blocks.append(_parse(numbers, block, layout))
    if doubt:
        raise NotationAskedFor
    if not blocks:
        raise BadData(f"{layout.where} has a header but no values below it.")
    annotations = pd.DataFrame(texts, columns=[layout.names[i] for i in layout.texts], dtype=object)
    return Values(names, blocks[0] if len(blocks) == 1 else np.concatenate(blocks), annotations)


def numbers_of(records: Iterable[Record], layout: Layout) -> Iterator[tuple[str, int]]:
    """Give the fields of numbers as they are, one a line, some records at a time; and how many each has."""
    for block in _blocks(records, layout):
        yield _divide(block, layout)[1], len(layout.numbers)


def read_texts(records: Iterable[Record], layout: Layout) -> list[list[str]]:
    """Give the fields of all records as text, each record with as many as the layout names."""
    return [fields_of(line, layout.separator) for block in _blocks(records, layout) for _, line in block]


def _blocks(records: Iterable[Record], layout: Layout) -> Iterator[list[Record]]:
    """Take records together, each with as many fields as the layout names."""
    remaining = iter(records)
    while first := next(remaining, None):
        count = max(1, BLOCK_CHARACTERS // (len(first[1]) + 1))
        yield [_fitted(record, layout) for record in chain([first], islice(remaining, count - 1))]


def _fitted(record: Record, layout: Layout) -> Record:
    """Cut empty fields off that stand after the last named one; refuse any other number of fields."""
    number, line = record
    mark, expected = layout.separator, len(layout.names)
    width = line.count(mark) + 1
    if width == expected and '"' not in line:
        return record
    fields = fields_of(line, mark)
    if len(fields) == expected:
        return record
    if len(fields) < expected or any(fields[expected:]):
        raise BadData(
            f"Line {number:,} of {layout.where} has {len(fields):,} fields where {expected:,} are expected. "
            "The file is cut short, or a name holds the separator; save it again."
        )
    for _ in fields[expected:]:
        line = line[: line.rindex(mark)]
    return number, line


def _divide(block: list[Record], layout: Layout) -> tuple[list[list[str]], str]:
    """Divide lines into their fields of text, name first, and all their numbers, one per line, row after row."""
    leading, numbers = [], []
    for _, line in block:
        if layout.texts_first and '"' not in line:
            *fields, rest = line.split(layout.separator, 1 + len(layout.texts))
            leading.append([field.strip() for field in fields])
            numbers.append(rest.replace(layout.separator, "\n"))
        else:
            fields = fields_of(line, layout.separator)
            leading.append([fields[i] for i in (layout.named_by, *layout.texts)])
            numbers.append("\n".join(fields[i] for i in layout.numbers))
    body = "\n".join(numbers)
    if " " in body:
        body = "\n".join(number.strip() for number in body.split("\n"))
    return leading, body


def _parse(numbers: str, block: list[Record], layout: Layout) -> np.ndarray:
    """Read the numbers of a block, float32 [lines, fields of numbers].

    They are read as one long column: pandas takes five times as long for as many values in 20,000 columns.
    """
    shape = (len(block), len(layout.numbers))
    notation, first = layout.notation or PLAIN, block[0][0]
    numbers = notation.plain(numbers)
    try:
        column = pd.read_csv(
            io.StringIO(numbers + "\n"),
            sep=NEVER,
            decimal=notation.decimal,
            header=None,
            names=["value"],
            index_col=False,
            dtype=np.float64,
            na_values=MISSING,
            keep_default_na=False,
            skip_blank_lines=False,
            quoting=csv.QUOTE_NONE,
            # The faster ways misread long digits and crash on exponents such as 1e8699951171875 (pandas 2.3).
            float_precision="round_trip",
        )["value"].to_numpy()
        if NEVER not in numbers:
            with np.errstate(
                over="ignore"
            ):  # too large for float32 becomes infinite, which the checks refuse
                return column.reshape(shape).astype(np.float32)
    except (ValueError, OverflowError) as error:  # also the parser's own errors
        _find_text(block, layout)
        raise BadData(f"{layout.where} cannot be read from line {first:,} on: {error}.") from error
    raise BadData(f"{layout.where} is damaged: it holds control characters after line {first:,}.")


def _find_text(block: list[Record], layout: Layout) -> None:
    """Raise for the first field of a block that is no number."""
    notation = layout.notation or PLAIN
    for number, line in block:
        fields = fields_of(line, layout.separator)
        for i in layout.numbers:
            value = fields[i]
            if value in MISSING or notation.number(value):
                continue
            if layout.notation is None and is_marked(value):
                raise NotationAskedFor
            raise BadData(
                f"{layout.where} has text where a number is expected: {value[:40]!r} in row "
                f"{fields[layout.named_by][:60]!r} (line {number:,}), column {str(layout.names[i])[:60]!r}."
                f"{notation.hint(value)} Correct it in the file."
            )
