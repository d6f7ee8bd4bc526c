"""Numbers from lines of text, fast where all is well and exact about the place where it is not."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice

import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.expression.formats.text import fields_of

MISSING = ("", "NA", "na", "NaN", "nan", "N/A", "n/a", "NULL", "null", "None", "#N/A", "-nan", "<NA>")
"""How files write a missing value."""

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
    separator, decimal
        Characters between fields and before decimals.
    names
        Name of every field, for messages; the first field names the row.
    texts
        Positions of further fields that hold text; all others hold numbers.
    first_line
        Number, counted from 1, of the first line in the file.
    """

    where: str
    separator: str
    names: Sequence[str]
    decimal: str = "."
    texts: tuple[int, ...] = ()
    first_line: int = 1

    @cached_property
    def numbers(self) -> list[int]:
        """Positions of the fields of numbers."""
        texts = {0, *self.texts}
        return [i for i in range(len(self.names)) if i not in texts]


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


def read_values(lines: Iterable[str], layout: Layout) -> Values:
    """Read all lines of a table's body.

    Raises
    ------
    BadData
        A line has too few or too many fields, or text stands where a number is expected; the message names
        the line, the row, the column and the value.
    """
    names: list[str] = []
    texts: list[list[str]] = []
    blocks: list[np.ndarray] = []
    line_number = layout.first_line
    for block in _blocks(lines):
        _check_widths(block, line_number, layout)
        leading, numbers = _divide(block, layout)
        names += [fields[0] for fields in leading]
        texts += [fields[1:] for fields in leading]
        blocks.append(_parse(numbers, block, line_number, layout))
        line_number += len(block)
    if not blocks:
        raise BadData(f"{layout.where} has a header but no values below it.")
    annotations = pd.DataFrame(texts, columns=[layout.names[i] for i in layout.texts], dtype=object)
    return Values(names, blocks[0] if len(blocks) == 1 else np.concatenate(blocks), annotations)


def is_number(text: str, decimal: str = ".") -> bool:
    """Tell whether a field reads as a number."""
    try:
        float(text.replace(decimal, ".") if decimal != "." else text)
    except ValueError:
        return False
    return "_" not in text


def _blocks(lines: Iterable[str]) -> Iterable[list[str]]:
    remaining = iter(lines)
    while first := next(remaining, None):
        count = max(1, BLOCK_CHARACTERS // (len(first) + 1))
        yield _without_trailing_blanks(list(chain([first], islice(remaining, count - 1))))


def _without_trailing_blanks(block: list[str]) -> list[str]:
    while block and not block[-1].strip():
        block.pop()
    return block


def _check_widths(block: list[str], first: int, layout: Layout) -> None:
    expected = len(layout.names)
    for number, line in enumerate(block, first):
        width = (
            line.count(layout.separator) + 1 if '"' not in line else len(fields_of(line, layout.separator))
        )
        if width != expected:
            raise BadData(
                f"Line {number:,} of {layout.where} has {width:,} fields where {expected:,} are expected. "
                "The file is cut short, or a name holds the separator; save it again."
            )


def _divide(block: list[str], layout: Layout) -> tuple[list[list[str]], str]:
    """Divide lines into their fields of text, name first, and all their numbers, one per line, row after row."""
    leading, numbers = [], []
    texts_first = layout.texts == tuple(range(1, 1 + len(layout.texts)))
    for line in block:
        if texts_first and '"' not in line:
            *fields, rest = line.split(layout.separator, 1 + len(layout.texts))
            leading.append([field.strip() for field in fields])
            numbers.append(rest.replace(layout.separator, "\n"))
        else:
            fields = fields_of(line, layout.separator)
            leading.append([fields[i] for i in (0, *layout.texts)])
            numbers.append("\n".join(fields[i] for i in layout.numbers))
    body = "\n".join(numbers)
    if " " in body:
        body = "\n".join(number.strip() for number in body.split("\n"))
    return leading, body


def _parse(numbers: str, block: list[str], first: int, layout: Layout) -> np.ndarray:
    """Read the numbers of a block, float32 [lines, fields of numbers].

    They are read as one long column: pandas takes five times as long for as many values in 20,000 columns.
    """
    shape = (len(block), len(layout.numbers))
    try:
        column = pd.read_csv(
            io.StringIO(numbers + "\n"),
            sep=NEVER,
            decimal=layout.decimal,
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
        _find_text(block, first, layout)
        raise BadData(f"{layout.where} cannot be read from line {first:,} on: {error}.") from error
    raise BadData(f"{layout.where} is damaged: it holds control characters after line {first:,}.")


def _find_text(block: list[str], first: int, layout: Layout) -> None:
    """Raise for the first field of a block that is no number."""
    for number, line in enumerate(block, first):
        fields = fields_of(line, layout.separator)
        for i in layout.numbers:
            value = fields[i]
            if value in MISSING or is_number(value, layout.decimal):
                continue
            hint = " It looks like a decimal comma." if re.fullmatch(r"-?\d+,\d+", value) else ""
            raise BadData(
                f"{layout.where} has text where a number is expected: {value[:40]!r} in row "
                f"{fields[0][:60]!r} (line {number:,}), column {str(layout.names[i])[:60]!r}.{hint} "
                "Correct it in the file."
            )
