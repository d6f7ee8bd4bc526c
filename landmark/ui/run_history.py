"""All runs in a table, and everything about one of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from landmark.analyses.registry import ANALYSES, MAKERS
from landmark.store.activity import damaged_requests, discard
from landmark.store.datasets import Dataset, DatasetStore
from landmark.store.runs import Run, RunStore, Unreadable
from landmark.ui import choosing, resources, state
from landmark.ui.download import csv, file_button, h5ad
from landmark.ui.page import PLACES
from landmark.ui.result_page import how_computed
from landmark.ui.wording import ago, duration, headline, kind_name, moment, size
from landmark.wording import capital, escaped


def runs_table(runs: Sequence[Run]) -> pd.DataFrame:
    """List runs: what, on which dataset, the headline, when, how long, name."""
    return pd.DataFrame(
        {
            "What": [kind_name(run.kind) for run in runs],
            "Data": _titles(runs),
            "Result": [capital(headline(run)) for run in runs],
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
    return [titles.get(base, "deleted") if base else "" for base in bases]


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
            _flat(
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
            first.id: [_shown(sides[0].get(name)) for name in names],
            second.id: [_shown(sides[1].get(name)) for name in names],
        }
    )


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Walk through nested values: ``network · epochs``, 100."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name} · ")
        else:
            yield prefix + name.replace("_", " "), value


def _shown(value: Any) -> str:
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
        *((item, lambda name: datasets.delete(name, MAKERS)) for item in datasets.unreadable()),
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
            DatasetStore(resources.here()).delete(item.id, MAKERS)
            state.set_parameter(state.DATASET, "")
            st.rerun()


ROWS = 1000
"""Rows of a table that are shown; the CSV holds all."""


def one_run(run: Run) -> None:
    """Show a run."""
    st.subheader(f"{kind_name(run.kind)} {run.id}", anchor=False)
    when = f"{moment(run.manifest.started):%d %b %Y, %H:%M}, {duration(run.manifest.seconds)}, {run.manifest.device}"
    st.markdown(f"{escaped(_sentence(headline(run)))} {escaped(when)}.")
    with st.container(horizontal=True, vertical_alignment="center"):
        if run.kind in ANALYSES:
            st.page_link(
                PLACES[ANALYSES[run.kind].page],
                label="Open its page",
                icon=":material/open_in_new:",
                query_params=_address(run),
            )
        _delete_run(run)
    left, right = st.columns(2)
    with left:
        st.markdown("**Figures**")
        _pairs(dict(_flat(run.manifest.metrics)), "Figures of the run")
    with right:
        st.markdown("**Settings**")
        _pairs(dict(_flat(run.manifest.configuration)), "Settings of the run")
    _lineage(run)
    _tables(run)
    how_computed(run)


def _sentence(text: str) -> str:
    return f"{capital(text)}. " if text else ""


def _address(run: Run) -> dict[str, str]:
    parents = run.manifest.parents
    model = run.id if run.kind == "train" else parents.get("train", "")
    address = {state.DATASET: parents.get("dataset", ""), state.MODEL: model}
    address |= {name: parents.get(name, "") for name in (state.HISTONES, state.DEEPCHROME)}
    if run.kind in address:
        address[run.kind] = run.id
    return {name: value for name, value in address.items() if value}


def _pairs(values: dict[str, object], alt: str) -> None:
    if not values:
        st.caption("None.")
        return
    frame = pd.DataFrame({"name": list(values), "value": [_shown(value) for value in values.values()]})
    st.dataframe(frame, hide_index=True, height=min(38 + 35 * len(frame), 320), alt=alt)


def _lineage(run: Run) -> None:
    st.markdown("**Lineage**")
    made_from = [f"{role} `{parent}`" for role, parent in run.manifest.parents.items()]
    children = [child for child in resources.runs() if run.id in child.manifest.parents.values()]
    st.markdown(f"Made from: {', '.join(made_from) or 'nothing'}.")
    basis = ", ".join(f"{kind_name(child.kind).lower()} `{child.id}`" for child in children)
    st.markdown(f"Basis of: {basis or 'nothing yet'}.")


def _tables(run: Run) -> None:
    names = run.tables()
    if not names:
        return
    st.markdown("**Tables**")
    name = choosing.selectbox("Table", names, key=f"table-of-{run.id}", label_visibility="collapsed")
    table = resources.table(run.id, name)
    st.dataframe(table.head(ROWS), height=260, hide_index=True, alt=f"Table {name}")
    if len(table) > ROWS:
        st.caption(f"First {ROWS:,} of {len(table):,} rows.")
    with st.container(horizontal=True):
        file_button(
            f"{name} (CSV)", csv(table), f"{run.id}-{name}.csv", icon=":material/table:", key=f"csv-{run.id}"
        )
        if run.kind == "cluster":
            file_button(
                "Embedding (h5ad)",
                h5ad(run),
                f"{run.id}.h5ad",
                icon=":material/scatter_plot:",
                key=f"h5ad-{run.id}",
                help="Bottleneck values, UMAP, labels and clusters, for Scanpy.",
            )


def _delete_run(run: Run) -> None:
    with st.popover("Delete", icon=":material/delete:"):
        st.markdown(f"Delete **{run.id}** and its tables for good?")
        if st.button("Delete for good", type="primary", key=f"delete-{run.id}"):
            RunStore(resources.here()).delete(run.id)
            state.set_parameter("run", "")
            st.rerun()
