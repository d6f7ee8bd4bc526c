"""Finished runs as a table, and two of them side by side."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from landmark.store.activity import damaged_requests, discard
from landmark.store.datasets import Dataset, DatasetStore
from landmark.store.manifest import Unreadable
from landmark.store.runs import Run, RunStore
from landmark.ui import resources, state
from landmark.ui.clock import ago, duration, moment
from landmark.ui.headline import headline, kind_name, size
from landmark.wording import escaped


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


def show_unreadable() -> None:
    """List them; nothing is drawn where there are none."""
    here = resources.here()
    runs, datasets = RunStore(here), DatasetStore(here)
    found: list[tuple[Unreadable, Callable[[str], None]]] = [
        *((item, runs.delete) for item in runs.unreadable()),
        *((item, datasets.delete) for item in datasets.unreadable()),
        *((item, lambda name: discard(here, name)) for item in damaged_requests(here)),
    ]
    if not found:
        return
    with st.expander(f"Cannot be read here ({len(found):,})", icon=":material/block:"):
        for item, delete in found:
            with st.container(
                horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
            ):
                state = "newer version" if item.newer else "damaged"
                st.markdown(
                    f":gray[**{escaped(item.id)}** ({state}): {escaped(item.message)}]", width="content"
                )
                if not item.newer and st.button(
                    "Delete", key=f"delete-unreadable-{item.id}", icon=":material/delete:"
                ):
                    delete(item.id)
                    st.rerun()


def show_datasets() -> None:
    """List the datasets, each with its size."""
    with st.expander("Datasets", icon=":material/dataset:"):
        for item in resources.datasets():
            with st.container(
                horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
            ):
                about = f"{size(item)}, imported {ago(item.manifest.imported)}"
                st.markdown(f"**{escaped(item.manifest.title)}** `{item.id}`: {about}", width="content")
                _delete(item)


def _delete(item: Dataset) -> None:
    with st.popover("Delete", icon=":material/delete:", key=f"popover-{item.id}"):
        st.markdown(f"Delete **{escaped(item.manifest.title)}** for good?")
        if st.button("Delete for good", type="primary", key=f"delete-{item.id}"):
            DatasetStore(resources.here()).delete(item.id)
            state.set_parameter(state.DATASET, "")
            st.rerun()
