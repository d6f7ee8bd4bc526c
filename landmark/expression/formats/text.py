"""Lines of text files: their encoding, and a bound on their length."""

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager

from landmark.errors import BadData
from landmark.expression.unpack import Source

MARKS = "\t,;| "
"""What divides a line into fields."""

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
    """Open a text file as lines without their ends.

    Parameters
    ----------
    source
        The file.
    newline
        What alone ends a line; any of the three ends in use where None.

    Raises
    ------
    BadData
        While iterating: a line is too long, or binary content follows.
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
                f"Line {number:,} of {source.path.name} is longer than {most:,} characters: it is no table "
                "of samples and genes."
            )
        if len(line) > source.limits.names and any(line.count(mark) >= source.limits.names for mark in MARKS):
            raise BadData(
                f"Line {number:,} of {source.path.name} has more than {source.limits.names:,} fields: it is no table "
                "of samples and genes."
            )
        if "\x00" in line:
            raise BadData(f"{source.path.name} is damaged: line {number:,} holds binary content.")
        yield line.rstrip("\r\n")
