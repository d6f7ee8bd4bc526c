"""What GEO's two text formats share: facts about samples, and which of them are worth keeping."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

KEPT = ("title", "source_name_ch1", "organism_ch1", "platform_id", "description")
"""Facts about a sample that describe it; contacts, protocols, dates and file names are left out."""

CHARACTERISTICS = "characteristics_ch1"


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
                _put(columns, name, i, value, samples)
    for line in facts.get(CHARACTERISTICS, ()):
        for i, value in enumerate(line[:samples]):
            name, colon, rest = value.partition(":")
            if colon:
                _put(columns, name.strip().lower() or "characteristic", i, rest, samples)
            else:
                _put(columns, "characteristic", i, value, samples)
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


def _put(columns: dict[str, np.ndarray], name: str, i: int, value: str, samples: int) -> None:
    value = value.strip()
    if not value:
        return
    column = columns.setdefault(name, np.full(samples, np.nan, dtype=object))
    column[i] = f"{column[i]}; {value}" if isinstance(column[i], str) else value
