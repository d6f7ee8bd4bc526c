"""Numbers in text tables: their notation, and all values of a table, read with the place of every bad cell.

Written here because the parsers of tables either guess or name no cell."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice

import numpy as np
import pandas as pd

from landmark.data.io.text import Record, fields_of
from landmark.errors import BadData

_SPACES = " '’\u00a0\u2009\u202f"
"""Blanks and apostrophes between groups of three digits: no number of its own is written so."""

_EXPONENT = r"(?:[eE][-+]?\d+)?"
_DOUBTFUL = r"[1-9]\d{0,2}[,.]\d{3}"
_SPACED = re.compile(rf"(?m)^([-+]?[1-9]\d{{0,2}}(?:[{_SPACES}]\d{{3}})+)(?![\d{_SPACES}])")
_MARKED = re.compile(
    rf"[-+]?(?:\d+(?:[,.]\d{{3}})*[,.]?\d*|[,.]\d+|[1-9]\d{{0,2}}(?:[{_SPACES}]\d{{3}})+(?:[,.]\d+)?){_EXPONENT}"
)
_BOUND = re.compile(r"[<>≤≥~=]{1,2}\s*[-+]?[\d.,]*\d[\d.,]*%?|[-+]?[\d.,]*\d[\d.,]*\s*%")
_UNMEASURED = frozenset(("nd", "-", "n.d.", "n.d", "bdl", "bql", "blq", "lod", "<lod", "<loq", "."))
_UNMEASURED |= {"#value!", "#div/0!", "#ref!", "#num!", "#name?"}

_COMMA_IS_DECIMAL = re.compile(
    rf"(?m)^[-+]?(?:(?!{_DOUBTFUL}$)\d*,\d+{_EXPONENT}|[1-9]\d{{0,2}}(?:\.\d{{3}})+,\d+)$"
)
_POINTS_GROUP = re.compile(r"(?m)^[-+]?[1-9]\d{0,2}(?:\.\d{3}){2,}$")
_POINT_IS_DECIMAL = re.compile(rf"(?m)^[-+]?(?!{_DOUBTFUL}$)\d*\.\d+{_EXPONENT}$")
_COMMAS_GROUP = re.compile(
    rf"(?m)^[-+]?[1-9]\d{{0,2}}(?:(?:,\d{{3}}){{2,}}(?:\.\d*)?|(?:,\d{{3}})+\.\d*){_EXPONENT}$"
)
_COMMA_GROUPS = re.compile(r"(?m)^([-+]?[1-9]\d{0,2}(?:,\d{3})+)(?=\.|[eE]|$)")
_POINT_GROUPS = re.compile(r"(?m)^([-+]?[1-9]\d{0,2}(?:\.\d{3})+)(?=,|[eE]|$)")
_SMALL = re.compile(r"(?m)^[1-9]\d{0,2}$")


@dataclass(frozen=True)
class Notation:
    """Signs within numbers."""

    decimal: str = "."  # marks decimals: a point or a comma; the other one may group thousands
    # a number as the file has it in which that other sign groups thousands; empty where none is grouped
    grouped: str = ""
    spaced: str = ""  # a number in which blanks or apostrophes group thousands; empty where none is
    # a number with a comma or point of which nothing in the file says what it marks; empty where all is clear
    doubtful: str = ""

    def plain(self, numbers: str) -> str:
        """Take the signs between thousands out of numbers, one a line. One that groups nothing stays."""
        if self.spaced:
            numbers = _SPACED.sub(lambda match: re.sub(rf"[{_SPACES}]", "", match[1]), numbers)
        if self.grouped and self.decimal == ".":
            return _COMMA_GROUPS.sub(lambda match: match[1].replace(",", ""), numbers)
        if self.decimal == ",":
            return _POINT_GROUPS.sub(lambda match: match[1].replace(".", ""), numbers)
        return numbers

    def number(self, field: str) -> str:
        """Write a field with a decimal point and nothing else within; empty where it is no number."""
        plain = self.plain(field)
        if self.decimal == ",":
            plain = "" if "." in plain else plain.replace(",", ".")
        return plain if is_number(plain) else ""

    def notes(self) -> list[str]:
        """Say what was taken out of numbers, one sentence each."""
        sign = "Commas" if self.decimal == "." else "Points"
        found = {sign: self.grouped, "Blanks or apostrophes": self.spaced}
        return [
            f"{what} group thousands in this file: {example!r} is read as {self.number(example)}."
            for what, example in found.items()
            if example
        ]

    def hint(self, field: str) -> str:
        """Say why a field with such signs is no number; empty where it has none."""
        if not is_marked(field):
            return ""
        if self.decimal == ",":
            return " Elsewhere in the file a comma marks decimals."
        return (
            f" Elsewhere in the file commas group thousands, as in {self.grouped!r}." if self.grouped else ""
        )

    def check(self, where: str) -> None:
        """Refuse a file in which nothing says what the signs are."""
        if "." in self.doubtful:
            raise BadData(
                f"{where} has numbers such as {self.doubtful!r} beside whole ones, and nothing in it shows whether the "
                "point is a thousands separator or marks decimals. Save the file without thousands separators, "
                f"{self.doubtful.replace('.', '')}, or with as many decimals for every number."
            )
        if self.doubtful:
            raise BadData(
                f"{where} has numbers such as {self.doubtful!r}, and nothing in it shows whether the comma is a "
                f"thousands separator or a decimal comma. Save the file with plain numbers, "
                f"{self.doubtful.replace(',', '')} or {self.doubtful.replace(',', '.')}."
            )


def is_number(text: str) -> bool:
    """Tell whether a field reads as a number with a decimal point."""
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def is_marked(text: str) -> bool:
    """Tell whether a field is a number under some notation, if not under the plain one."""
    return _MARKED.fullmatch(text) is not None and not is_number(text)


def is_meant_as_number(text: str) -> bool:
    """Tell whether a field stands where a number was meant: "1,234", "<0.1", "12%", "ND"."""
    return (
        is_number(text)
        or is_marked(text)
        or _BOUND.fullmatch(text) is not None
        or text.lower() in _UNMEASURED
    )


def notation_of(blocks: Iterable[tuple[str, int]]) -> Notation:
    """Find the notation of a whole file from blocks of its numbers, one a line, row after row, and how many a row has.

    A number without doubt decides: "6,65" and "0,123" have a decimal comma, "1,234,567" and "1,234.5" have thousands,
    as has "1,234" in a file with "7.5". Where each comma has three digits after it and nothing else decides, they are
    thousands if whole numbers below 1,000 stand in the same columns, or fill all others, at least as many as those with
    commas: decimals would have been written there too. Numbers that contradict it are met when the file is read with
    it.
    """
    spaced, doubt = "", _Doubt()
    decimal_comma = decimal_point = 0
    for numbers, width in blocks:
        if found := _SPACED.search(numbers):
            spaced = spaced or found[1]
            numbers = Notation(spaced=spaced).plain(numbers)
        thousands = _COMMAS_GROUP.findall(numbers)
        decimal_comma += len(_COMMA_IS_DECIMAL.findall(numbers)) + len(_POINTS_GROUP.findall(numbers))
        decimal_point += len(_POINT_IS_DECIMAL.findall(numbers)) + len(thousands)
        doubt.add(numbers, width)
        if decimal_comma > decimal_point:
            grouped = _POINT_GROUPS.search(numbers)
            return Notation(",", grouped[1] if grouped else "", spaced)
        if decimal_point and (thousands or doubt.comma):
            return Notation(".", doubt.comma or thousands[0], spaced)
    if doubt.commas_group():
        return Notation(".", doubt.comma, spaced)
    return Notation(
        spaced=spaced, doubtful=doubt.comma or ("" if decimal_point else doubt.points_may_group())
    )


def _leaves_doubt(numbers: str) -> bool | None:
    """Say whether points may group thousands: each has three digits after it, and some numbers have none.

    None where these numbers leave no doubt that points mark decimals, so that no others need to be looked at.
    """
    if "." not in numbers:
        return False
    if _POINT_IS_DECIMAL.search(numbers):
        return None
    return _POINT_GROUPS.search(numbers) is not None and _SMALL.search(numbers) is not None


PLAIN = Notation()


class _Doubt:
    """What the columns hold while no number has decided; the first numbers with three digits after a comma or point."""

    def __init__(self) -> None:
        self.comma = self.point = ""
        self._commas = self._points = self._small = np.zeros(0, bool)

    def add(self, numbers: str, width: int) -> None:
        if not self.comma and (found := _COMMA_GROUPS.search(numbers)):
            self.comma = found[1]
        if not self.point and (found := _POINT_GROUPS.search(numbers)):
            self.point = found[1]
        fields = numbers.split("\n")
        columns = [fields[j::width] for j in range(width)]
        commas = np.array([any("," in field for field in column) for column in columns])
        points = np.array([any("." in field for field in column) for column in columns])
        small = np.array([any(map(_SMALL.fullmatch, column)) for column in columns])
        if len(self._small):
            commas, points, small = commas | self._commas, points | self._points, small | self._small
        self._commas, self._points, self._small = commas, points, small

    def commas_group(self) -> bool:
        """Tell whether whole numbers without commas show that those with commas are whole as well."""
        if not self.comma or self._points.any():
            return False
        others = ~self._commas
        return bool(
            (self._commas & self._small).any()
            or (others.sum() >= self._commas.sum() and self._small[others].any())
        )

    def points_may_group(self) -> str:
        """Give a number whose point may group thousands, since others of its column have none; empty where none may."""
        return self.point if (self._points & self._small).any() else ""


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
NEVER = "\x01"  # a separator that no number holds


@dataclass(frozen=True)
class Layout:
    """How the lines of a table are built."""

    where: str  # the file, for messages
    separator: str  # stands between fields
    names: Sequence[str]  # name of every field, for messages
    # positions of fields that hold text, besides the one that names the row; all others hold numbers
    texts: tuple[int, ...] = ()
    # how numbers are written; None where that is not known yet: plain, and any other is asked for
    notation: Notation | None = PLAIN
    named_by: int = 0  # position of the field that names the row

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
    """What the lines held."""

    rows: list[str]  # name of each row
    numbers: np.ndarray  # float32 [rows, fields of numbers]; missing values are NaN
    texts: pd.DataFrame  # one column per field of text, in the order of ``Layout.texts``


def read_values(records: Iterable[Record], layout: Layout) -> Values:
    """Read all records of a table's body.

    BadData: a line has too few or too many fields, or text stands where a number is expected; the message names line,
    row, column and value. NotationAskedFor: the layout knows no notation, and a number has signs that need one.
    """
    names: list[str] = []
    texts: list[list[str]] = []
    blocks: list[np.ndarray] = []
    doubt: bool | None = None if layout.notation else False
    for block in _blocks(records, layout):
        leading, numbers = _divide(block, layout)
        if doubt is not None:
            here = _leaves_doubt(numbers)
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
