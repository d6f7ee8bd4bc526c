"""Numbers from lines of text, fast where all is well and exact about the place where it is not."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.expression.formats.text import fields_of

MISSING = ("", "NA", "na", "NaN", "nan", "N/A", "n/a", "NULL", "null", "None", "#N/A", "-nan", "<NA>")
"""How files write a missing value."""

BLOCK_CHARACTERS = 8_000_000


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
    text_positions = [0, *layout.texts]
    number_positions = [i for i in range(len(layout.names)) if i not in set(text_positions)]
    names: list[str] = []
    blocks: list[np.ndarray] = []
    texts: list[pd.DataFrame] = []
    line_number = layout.first_line
    for block in _blocks(lines):
        _check_widths(block, line_number, layout)
        frame = _parse(block, line_number, layout, text_positions, number_positions)
        names.extend(frame[0].str.strip())
        texts.append(frame[list(layout.texts)])
        with np.errstate(over="ignore"):  # too large for float32 becomes infinite, which the checks refuse
            blocks.append(frame[number_positions].to_numpy(dtype=np.float32))
        line_number += len(block)
    if not blocks:
        raise BadData(f"{layout.where} has a header but no values below it.")
    annotations = pd.concat(texts, ignore_index=True).set_axis(
        [layout.names[i] for i in layout.texts], axis=1
    )
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


def _parse(
    block: list[str], first: int, layout: Layout, text_positions: list[int], number_positions: list[int]
) -> pd.DataFrame:
    dtypes: dict[int, type] = dict.fromkeys(number_positions, np.float64) | dict.fromkeys(text_positions, str)
    body = "\n".join(block) + "\n"
    try:
        return pd.read_csv(
            io.StringIO(body),
            sep=layout.separator,
            decimal=layout.decimal,
            header=None,
            names=range(len(layout.names)),
            index_col=False,
            dtype=dtypes,
            na_values=dict.fromkeys(number_positions, MISSING),
            keep_default_na=False,
            skip_blank_lines=False,
            skipinitialspace=True,
            quoting=0 if '"' in body else 3,
            # The faster ways misread long digits and crash on exponents such as 1e8699951171875 (pandas 2.3).
            float_precision="round_trip",
        )
    except (ValueError, OverflowError) as error:  # also the parser's own errors
        _find_text(block, first, layout, number_positions)
        raise BadData(f"{layout.where} cannot be read from line {first:,} on: {error}.") from error


def _find_text(block: list[str], first: int, layout: Layout, number_positions: list[int]) -> None:
    """Raise for the first field of a block that is no number."""
    for number, line in enumerate(block, first):
        fields = fields_of(line, layout.separator)
        for i in number_positions:
            value = fields[i]
            if value in MISSING or is_number(value, layout.decimal):
                continue
            hint = " It looks like a decimal comma." if re.fullmatch(r"-?\d+,\d+", value) else ""
            raise BadData(
                f"{layout.where} has text where a number is expected: {value[:40]!r} in row "
                f"{fields[0][:60]!r} "
                f"(line {number:,}), column {str(layout.names[i])[:60]!r}.{hint} Correct it in the file."
            )
