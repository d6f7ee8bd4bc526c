"""What GEO's text formats share: how lines and values are written, facts about samples, and which are worth keeping.

GEO puts quotes around a value but never doubles a quote within it, and lets values hold carriage returns and line
breaks. Only a line feed ends a line, only a tab a field, and one quote falls away at each end of a field.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.expression.formats.values import ABSENT

KEPT = (
    "title", "source_name_ch1", "source_name_ch2", "organism_ch1", "organism_ch2", "platform_id", "description",
)  # fmt: skip
"""Facts about a sample that describe it; contacts, protocols, dates and file names are left out."""

CHARACTERISTICS = ("characteristics_ch1", "characteristics_ch2")
"""Of the two channels of an array that compares two sources of RNA; most arrays have the first only."""

SECOND = " (ch2)"
"""Stands behind the name of a characteristic of the second channel that the first has as well."""

DASHES = re.compile(r"-{2,}")


def fields(line: str) -> list[str]:
    """Divide a line at its tabs; one quote at each end of a field falls away, and blanks around it."""
    return [_unquoted(field) for field in line.split("\t")]


def statements(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Join the lines of each statement, which begins with an exclamation mark: quoted values may hold line breaks.

    Yields
    ------
    int
        Number of the line in which the statement begins, counted from 1.
    str
        The statement. The next one is not begun before this one is taken, but its first line has been read.
    """
    parts: list[str] = []
    begun = 0
    is_open = False
    for number, line in enumerate(lines, 1):
        if is_open and not _begins(line):
            parts.append(line)
            is_open = not line.rstrip().endswith('"')
            continue
        if parts:
            yield begun, "\n".join(parts)
        parts, begun = [line], number
        is_open = '\t"' in line and not line.rstrip().endswith('"')
    if parts:
        yield begun, "\n".join(parts)


def until(lines: Iterator[str], end: str, where: str) -> Iterator[str]:
    """Give the lines of a table up to the one that ends it; BadData where that is missing."""
    for line in lines:
        if line.startswith(end):
            return
        yield line
    raise BadData(f"{where} is cut short: the line {end!r} is missing. Download it again.")


def sample_facts(facts: Mapping[str, Sequence[Sequence[str]]], samples: int) -> pd.DataFrame:
    """Arrange facts about samples as columns.

    Parameters
    ----------
    facts
        Name of the fact, without ``Sample_``, to its lines; a line has one value per sample, or is cut short.
    samples
        Number of samples.

    Returns
    -------
    pandas.DataFrame
        One row per sample. Characteristics written as "tissue: lung" become columns of that name.
    """
    columns: dict[str, np.ndarray] = {}
    for name in KEPT:
        for line in facts.get(name, ()):
            for i, value in enumerate(line[:samples]):
                put(columns, name, i, value, samples)
    for channel in CHARACTERISTICS:
        taken = frozenset(columns)
        for line in facts.get(channel, ()):
            for i, value in enumerate(line[:samples]):
                before, colon, after = value.partition(":")
                name = (before.strip().lower() if colon else "") or "characteristic"
                name += SECOND * (name in taken and channel != CHARACTERISTICS[0])
                put(columns, name, i, after if colon else value, samples)
    return pd.DataFrame(columns, index=range(samples))


def transposed(per_sample: Iterable[Mapping[str, Sequence[str]]]) -> dict[str, list[list[str]]]:
    """Turn facts listed per sample into lines of one value per sample."""
    samples = list(per_sample)
    names = {name: max(len(facts.get(name, ())) for facts in samples) for one in samples for name in one}
    return {
        name: [
            [facts[name][k] if len(facts.get(name, ())) > k else "" for facts in samples]
            for k in range(lines)
        ]
        for name, lines in names.items()
    }


def put(columns: dict[str, np.ndarray], name: str, i: int, value: str, samples: int) -> None:
    """Add a fact about sample ``i`` to its column; a second value of one fact follows the first."""
    value = " ".join(value.split())
    if value in ABSENT or DASHES.fullmatch(value):
        return
    column = columns.setdefault(name, np.full(samples, np.nan, dtype=object))
    column[i] = f"{column[i]}; {value}" if isinstance(column[i], str) else value


def _begins(line: str) -> bool:
    return line.startswith(("!", '"!'))


def _unquoted(field: str) -> str:
    field = field.strip()
    if len(field) > 1 and field.startswith('"') and field.endswith('"'):
        return field[1:-1].strip()
    return field
