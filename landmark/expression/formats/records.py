"""Records of a text table: its lines with their numbers in the file, their fields, and cells that span lines."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cache

Record = tuple[int, str]
"""The number of a line in its file, counted from 1, and its text."""

BLANKS = "  "
"""Stands for columns aligned by runs of blanks; no single separator divides them."""

SPANNED_LINES = 50
"""A quote that does not close within so many lines is a character of the text."""

_CELL = re.compile(r'"[^"]*"(?!\S)|\S+')


def numbered(lines: Iterable[str], first: int = 1) -> Iterator[Record]:
    """Number lines from ``first`` on; lines without anything but blanks are counted and left out."""
    return ((number, line) for number, line in enumerate(lines, first) if line.strip())


def aligned(records: Iterable[Record]) -> Iterator[Record]:
    """Put a tab in the place of each run of blanks, except within quotes."""
    for number, line in records:
        cells = line.split() if '"' not in line else [cell.strip('"') for cell in _CELL.findall(line)]
        yield number, "\t".join(cells)


def joined(
    records: Iterable[Record], separator: str, width: int = 0, eager: bool = True, window: bool = False
) -> Iterator[Record]:
    """Make one record of the lines that a quoted cell spans.

    A quote that opens a cell, and for which no proper end follows, is text: inch marks and unbalanced quotes stand in
    many descriptions.

    Parameters
    ----------
    records
        Lines with their numbers.
    separator
        Stands between the fields.
    width
        Number of fields that a record has, or a header without its corner but for one; 0 where it is not known.
    eager
        Whether lines are joined that have ``width`` fields each by themselves.
    window
        The lines are the first ones of a longer file: a cell that is open where they end is left out.
    """
    ahead: deque[Record] = deque()
    source = iter(records)
    while record := ahead.popleft() if ahead else next(source, None):
        number, line = record
        if '"' in line and line.count('"') % 2 and (eager or len(fields_of(line, separator)) != width):
            taken: list[Record] = []
            text, is_open = line, True
            while is_open and len(taken) < SPANNED_LINES:
                following = ahead.popleft() if ahead else next(source, None)
                if following is None:
                    if window:
                        return
                    break
                taken.append(following)
                text += "\n" + following[1]
                is_open ^= following[1].count('"') % 2 == 1
            fields = None if is_open else _strict(text, separator)
            if fields is not None and len(fields) >= width - 1:
                yield number, text
                continue
            ahead.extendleft(reversed(taken))
        yield record


def fields_of(line: str, separator: str) -> list[str]:
    """Divide one record into its fields; blanks around fields fall away, line breaks within become blanks.

    Quotes count where they enclose a whole field; any other is text.
    """
    if '"' not in line:
        return [field.strip() for field in line.split(separator)]
    fields = _strict(line, separator)
    if fields is None:
        fields = [_text(match) for match in _fields(separator).finditer(line)]
    return [" ".join(field.split()) if "\n" in field else field.strip() for field in fields]


def _strict(text: str, separator: str) -> list[str] | None:
    """Divide a record whose quotes are all as CSV has them; None where they are not."""
    try:
        return next(csv.reader([text], delimiter=separator, strict=True), [])
    except csv.Error:
        return None


@cache
def _fields(separator: str) -> re.Pattern[str]:
    """Match a field with its leading separator, in quotes where these close before the next separator."""
    mark = re.escape(separator)
    return re.compile(rf'(?:^|{mark})(?:"((?:[^"]++|"")*+)"(?={mark}|$)|([^{mark}]*))', re.DOTALL)


def _text(match: re.Match[str]) -> str:
    if match[1] is not None:
        return match[1].replace('""', '"')
    plain = match[2].strip()
    return plain[1:-1] if len(plain) > 1 and plain[0] == plain[-1] == '"' else plain
