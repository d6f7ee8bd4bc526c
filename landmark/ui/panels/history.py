"""Finished runs as a table, and two of them side by side."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from landmark.runs.store import Run
from landmark.ui import resources
from landmark.ui.clock import duration, moment
from landmark.ui.headline import headline, kind_name


def runs_table(runs: Sequence[Run]) -> pd.DataFrame:
    """List runs: what, on which dataset, the headline, when, how long, name."""
    return pd.DataFrame(
        {
            "What": [kind_name(run.kind) for run in runs],
            "Data": _titles(runs),
            "Result": [_capital(headline(run)) for run in runs],
            "When": [moment(run.manifest.started).replace(tzinfo=None) for run in runs],
            "Time": [duration(run.manifest.seconds) for run in runs],
            "Run": [run.id for run in runs],
        }
    )


def _titles(runs: Sequence[Run]) -> list[str]:
    """Return the title of what each run was made from: a dataset, or histone profiles."""
    titles = {item.id: item.manifest.title for item in resources.datasets()}
    titles |= {run.id: resources.title_of_profiles(run) for run in resources.runs("histones")}
    bases = [
        run.id
        if run.kind == "histones"
        else run.manifest.parents.get("dataset") or run.manifest.parents.get("histones", "")
        for run in runs
    ]
    return [titles.get(base, "deleted") for base in bases]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


COLUMNS = {
    "What": st.column_config.TextColumn(width=110),
    "Data": st.column_config.TextColumn(width=140),
    "Result": st.column_config.TextColumn(width=390),
    "When": st.column_config.DatetimeColumn(format="D MMM, HH:mm", width=110),
    "Time": st.column_config.TextColumn(width=70),
    "Run": st.column_config.TextColumn(width=140),
}


def choose(runs: Sequence[Run]) -> list[Run]:
    """Show the table and return the rows the user marked."""
    event = st.dataframe(
        runs_table(runs),
        hide_index=True,
        column_config=COLUMNS,
        on_select="rerun",
        selection_mode="multi-row",
        # A new list is a new table: marks are kept by position and would move to other runs.
        key=f"runs-{len(runs)}-{runs[0].id}",
        alt="Finished runs, newest first",
    )
    return [runs[place] for place in event.selection.rows if place < len(runs)]


def differences(first: Run, second: Run) -> pd.DataFrame:
    """List settings and figures in which two runs differ; columns: what, and the name of each run."""
    sides = [
        dict(
            flat(
                {
                    "setting": run.manifest.configuration,
                    "figure": run.manifest.metrics,
                    "seed": run.manifest.seed,
                }
            )
        )
        for run in (first, second)
    ]
    names = [
        name for name in dict.fromkeys([*sides[0], *sides[1]]) if sides[0].get(name) != sides[1].get(name)
    ]
    return pd.DataFrame(
        {
            "what": names,
            first.id: [shown(sides[0].get(name)) for name in names],
            second.id: [shown(sides[1].get(name)) for name in names],
        }
    )


def flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Walk through nested values: ``network · epochs``, 100."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{name} · ")
        else:
            yield prefix + name.replace("_", " "), value


def shown(value: Any) -> str:
    """Write a value with sensible digits."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "–"
    if value in (None, ""):
        return "–"
    if isinstance(value, float):
        return f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
