"""How many genes to choose, and under which conditions: the one form of the page."""

from collections.abc import Sequence

import streamlit as st

from landmark.genesets.text import known_names, triage
from landmark.runs.datasets import Dataset
from landmark.runs.lists import stored_lists
from landmark.runs.store import Run
from landmark.ui import resources
from landmark.ui.form import fields
from landmark.ui.jobs import start
from landmark.ui.panels.make_list import show_triage
from landmark.ui.panels.set_choice import told_apart
from landmark.ui.panels.sets import genes_of
from landmark.workflows.configuration import SelectConfiguration

LABELS = {
    "size": "Genes (0: as many as L1000 has here)",
    "reconstruction": "Share of the reconstruction",
    "penalty": "Penalty per training sample",
}
CONDITIONS = {"contain": "Must contain", "never": "Must not contain"}


def form(dataset: Dataset, models: Sequence[Run], disabled: bool) -> None:
    """Show the form, and start on request."""
    left, middle, right = st.columns(3)
    with left:
        values = fields(SelectConfiguration, ["size"], "select", LABELS)
    with middle:
        values |= fields(SelectConfiguration, ["reconstruction"], "select", LABELS)
    with right:
        values["start"] = _start(dataset)
    chosen = _models(models, dataset, needed=values["reconstruction"] > 0)
    with st.expander("Conditions and more settings", icon=":material/tune:"):
        for name, label in CONDITIONS.items():
            values[name] = _genes(name, label, dataset)
        values |= fields(SelectConfiguration, ["penalty", "seed"], "select", LABELS)
    lacking = values["reconstruction"] > 0 and not chosen
    if lacking:
        st.warning("Choose a trained network, or set the share of the reconstruction to 0.")
    if st.button("Choose genes", type="primary", icon=":material/checklist:", disabled=disabled or lacking):
        start("select", {"dataset": dataset.id, "models": chosen, **values})


def _start(dataset: Dataset) -> str:
    """Let a panel be chosen that is to be extended."""
    known = {"": "nothing", "L1000": "L1000"} | {
        stored.text: stored.name for stored in stored_lists(resources.here())
    }
    return str(
        st.selectbox(
            "Start from",
            list(known),
            format_func=known.__getitem__,
            key=f"select-start-{dataset.id}",
            persist_state="session",
            help="A panel to extend: its genes stay, others are added. Lists of your own are made on the page of "
            "gene sets.",
        )
    )


def _models(models: Sequence[Run], dataset: Dataset, needed: bool) -> list[str]:
    if not models or not needed:
        return []
    known = {run.id: run for run in models}
    return st.multiselect(
        "Networks",
        list(known),
        default=[models[0].id],
        format_func=lambda name: told_apart(known[name]),
        key=f"select-models-{dataset.id}",
        persist_state="session",
        help="Genes are chosen to explain what these restore of each sample. Several seeds make the choice steadier.",
    )


def _genes(name: str, label: str, dataset: Dataset) -> list[str]:
    """Take names of genes, and show what became of them."""
    text = st.text_area(
        label,
        key=f"select-{name}",
        persist_state="session",
        placeholder="TP53, EGFR, MYC",
        help=SelectConfiguration.model_fields[name].description,
        height=68,
    )
    if not text.strip():
        return []
    found = triage(text, genes_of(dataset), known_names(dataset.manifest.identifier))
    if found.absent or found.unknown:
        show_triage(found)
    return list(found.used)
