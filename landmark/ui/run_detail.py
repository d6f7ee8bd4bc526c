"""Everything about one finished run: figures, lineage, settings, tables, deletion."""

import pandas as pd
import streamlit as st

from landmark.analyses.registry import ANALYSES
from landmark.store.runs import Run, RunStore
from landmark.ui import choosing, resources, state
from landmark.ui.clock import duration, moment
from landmark.ui.download import csv, h5ad
from landmark.ui.headline import headline, kind_name
from landmark.ui.how_computed import how_computed
from landmark.ui.places import PLACES
from landmark.ui.run_history import flat, shown
from landmark.wording import escaped

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
        _delete(run)
    left, right = st.columns(2)
    with left:
        st.markdown("**Figures**")
        _pairs(dict(flat(run.manifest.metrics)), "Figures of the run")
    with right:
        st.markdown("**Settings**")
        _pairs(dict(flat(run.manifest.configuration)), "Settings of the run")
    _lineage(run)
    _tables(run)
    how_computed(run)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}. " if text else ""


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
    frame = pd.DataFrame({"name": list(values), "value": [shown(value) for value in values.values()]})
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
        st.download_button(
            f"{name} (CSV)",
            csv(table),
            f"{run.id}-{name}.csv",
            "text/csv",
            icon=":material/table:",
            key=f"csv-{run.id}",
            on_click="ignore",
        )
        if run.kind == "cluster":
            st.download_button(
                "Embedding (h5ad)",
                h5ad(run),
                f"{run.id}.h5ad",
                "application/x-hdf5",
                icon=":material/scatter_plot:",
                key=f"h5ad-{run.id}",
                help="Bottleneck values, UMAP, labels and clusters, for Scanpy.",
                on_click="ignore",
            )


def _delete(run: Run) -> None:
    with st.popover("Delete", icon=":material/delete:"):
        st.markdown(f"Delete **{run.id}** and its tables for good?")
        if st.button("Delete for good", type="primary", key=f"delete-{run.id}"):
            RunStore(resources.here()).delete(run.id)
            state.set_parameter("run", "")
            st.rerun()
