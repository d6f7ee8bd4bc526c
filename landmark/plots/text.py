"""Names and numbers as people should read them in a figure."""

import textwrap
from collections.abc import Iterable

import pandas as pd

from landmark.errors import BadData

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", "%{": "&#37;{"}


def plain(name: object) -> str:
    """Escape a name so that Plotly shows it as it is.

    Plotly reads ``<b>`` as markup, ``$`` as mathematics and ``%{x}`` in hover texts as a value.
    """
    text = " ".join(str(name).split())
    for sign, entity in _ENTITIES.items():
        text = text.replace(sign, entity)
    return text


def plain_all(names: Iterable[object]) -> list[str]:
    """Escape many names."""
    return [plain(name) for name in names]


def wrapped(name: object, width: int = 30, lines: int = 2) -> str:
    """Escape a long name and break it into at most so many lines, with an ellipsis where it is cut."""
    pieces = textwrap.wrap(" ".join(str(name).split()), width, max_lines=lines, placeholder=" …")
    return "<br>".join(plain(piece) for piece in pieces)


def shortened(name: object, length: int = 24) -> str:
    """Cut a long name for a legend; the hover text keeps all of it. Not escaped."""
    text = " ".join(str(name).split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def counted(count: int, noun: str) -> str:
    """Write a number with its noun: "1 gene", "5,241 genes"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def require(table: pd.DataFrame, columns: Iterable[str], what: str) -> None:
    """Check that a table has the columns a figure needs.

    Raises
    ------
    BadData
        Naming the columns that are absent and those that are there.
    """
    missing = [name for name in columns if name not in table.columns]
    if missing:
        there = ", ".join(map(str, table.columns[:8])) or "none"
        raise BadData(
            f"The table of {what} lacks the column {', '.join(missing)} (columns there: {there}). "
            "Compute it again with this version of the program."
        )


SHARE = ((0.0, "rgba(128,138,150,0.10)"), (0.5, "#B07FB5"), (1.0, "#8C0F70"))
"""From nothing to all of it."""

BELOW_ABOVE = (
    (0.0, "#0B6E7F"),
    (0.25, "#5FA8B3"),
    (0.5, "rgba(128,138,150,0.10)"),
    (0.75, "#D98B6E"),
    (1.0, "#A8341C"),
)
"""From below to above the mean of all samples."""
