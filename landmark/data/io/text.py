"""Text files: lines in any encoding, and records, which may span lines where cells are quoted."""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

from landmark.data.io.files import Source
from landmark.errors import BadData

MARKS = "\t,;| "  # what divides a line into fields
BINARY_STARTS = (b"\x89HDF", b"PAR1", b"%PDF", b"PK\x03\x04", b"\x93NUMPY", b"\xd0\xcf\x11\xe0")


def is_text(head: bytes) -> bool:
    """Tell text from anything else by its first bytes."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    if head.startswith(BINARY_STARTS) or b"\x00" in head:
        return False
    control = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in head[:4096])
    web_page = head.lstrip()[:20].lower().startswith((b"<!doctype", b"<html", b"<?xml"))
    return control == 0 and not web_page


def encoding_of(head: bytes) -> str:
    """Find the encoding: UTF-16 where marked, else UTF-8, else the Western European one of Windows."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head)  # a character cut in two at the end of the head is no error here
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _western(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are no UTF-8 as Windows' Western European ones: the first may come after many plain lines."""
    if not isinstance(error, UnicodeDecodeError) or error.encoding not in ("utf-8", "utf8"):
        return "\ufffd", getattr(error, "end", 0)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("western", _western)


@contextmanager
def lines_of(source: Source, newline: str | None = None) -> Iterator[Iterator[str]]:
    """Open a text file as lines without their ends, which are any of the three in use unless ``newline`` names one.

    BadData, while iterating: a line is too long, or binary content follows.
    """
    with source.open() as binary:
        head = binary.peek(1)  # type: ignore[attr-defined]
        stream = io.TextIOWrapper(binary, encoding_of(head), errors="western", newline=newline)
        yield _lines(stream, source)


def _lines(stream: io.TextIOWrapper, source: Source) -> Iterator[str]:
    most, number = source.limits.line_bytes, 0
    while line := stream.readline(most):
        number += 1
        if len(line) >= most:
            raise BadData(
                f"Line {number:,} of {source.where} is longer than {most:,} characters: it is no table "
                "of samples and genes."
            )
        if len(line) > source.limits.names and any(line.count(mark) >= source.limits.names for mark in MARKS):
            raise BadData(
                f"Line {number:,} of {source.where} has more than {source.limits.names:,} fields: it is no table "
                "of samples and genes."
            )
        if "\x00" in line:
            raise BadData(f"{source.where} is damaged: line {number:,} holds binary content.")
        yield line.rstrip("\r\n")


Record = tuple[int, str]  # the number of a line in its file, counted from 1, and its text
BLANKS = "  "  # stands for columns aligned by runs of blanks; no single separator divides them
SPANNED_LINES = 50  # a quote that does not close within so many lines is a character of the text
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
    many descriptions. A record has ``width`` fields, or a header without its corner but for one; 0 where it is not
    known. ``eager``: lines are joined that have ``width`` fields each by themselves. ``window``: the lines are the
    first ones of a longer file, and a cell that is open where they end is left out.
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
