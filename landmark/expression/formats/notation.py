"""How a file writes its numbers: which sign marks decimals, and which groups thousands.

"10,547" is ten thousand in one file and ten and a half in another, and both read without an error. So the sign is never
chosen value by value: all numbers of the file are looked through until one of them leaves no doubt, and a file in which
none does is refused.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

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
_UNMEASURED = frozenset(
    (
        "nd",
        "-",
        "n.d.",
        "n.d",
        "bdl",
        "bql",
        "blq",
        "lod",
        "<lod",
        "<loq",
        "#value!",
        "#div/0!",
        "#ref!",
        "#num!",
        "#name?",
        ".",
    )
)

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
    """Signs within numbers.

    Attributes
    ----------
    decimal
        Marks decimals: a point or a comma; the other one may group thousands.
    grouped
        A number as the file has it in which that other sign groups thousands; empty where none is grouped.
    spaced
        A number in which blanks or apostrophes group thousands; empty where none is.
    doubtful
        A number with a comma or point of which nothing in the file says what it marks; empty where all is clear.
    """

    decimal: str = "."
    grouped: str = ""
    spaced: str = ""
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
    """Find the notation of a whole file.

    A number without doubt decides: "6,65" and "0,123" have a decimal comma, "1,234,567" and "1,234.5" have thousands,
    as has "1,234" in a file with "7.5". Where each comma has three digits after it and nothing else decides, they are
    thousands if whole numbers below 1,000 stand in the same columns, or fill all others, at least as many as those with
    commas: decimals would have been written there too.

    Parameters
    ----------
    blocks
        The numbers of some lines, one a line, row after row, and how many a row has.

    Returns
    -------
    Notation
        Numbers that contradict it are met when the file is read with it.
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


def leaves_doubt(numbers: str) -> bool | None:
    """Say whether points may group thousands: each has three digits after it, and some numbers have none.

    Returns
    -------
    bool or None
        None where these numbers leave no doubt that points mark decimals, so that no others need to be looked at.
    """
    if "." not in numbers:
        return False
    if _POINT_IS_DECIMAL.search(numbers):
        return None
    return _POINT_GROUPS.search(numbers) is not None and _SMALL.search(numbers) is not None


PLAIN = Notation()


class _Doubt:
    """What the columns hold while no number has decided.

    Attributes
    ----------
    comma, point
        The first numbers in which the sign has three digits after it; empty where there is none.
    """

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
