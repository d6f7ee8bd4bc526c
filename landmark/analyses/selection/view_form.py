"""How many genes to choose, and under which conditions: the one form of the page."""

from collections.abc import Sequence

import streamlit as st

from landmark.analyses.choices import NEED_MODELS
from landmark.analyses.selection.config import SelectConfiguration
from landmark.analyses.selection.wording import STRATEGIES
from landmark.genesets.text import triage
from landmark.models.settings import ConcreteConfiguration
from landmark.store.datasets import Dataset
from landmark.store.lists import stored_lists
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.form import fields
from landmark.ui.gene_lists import show_triage
from landmark.ui.gene_set_choice import told_apart
from landmark.ui.gene_sets import genes_of
from landmark.ui.jobs import start

HELP = """
- **Gene by gene** takes after every gene the one that explains most of what the genes before it leave unexplained:
  of the expression as a trained network restores it, free of noise; as it was measured; or of both. Seconds to minutes.
- **Concrete autoencoder** (Abid, Balin and Zou 2019): a network learns which genes restore all others. Minutes to
  hours.
- **The paper’s ranking**, **the most variable genes** and **at random** do not ask what genes share. They are here to
  compare with.
"""

LABELS = {
    "size": "Genes (0: as many as L1000 has here)",
    "reconstruction": "Share of the reconstruction",
    "penalty": "Penalty per training sample",
}
OWN_SETTINGS = {
    "blend": ["reconstruction", "penalty"],
    "reconstruction": ["penalty"],
    "measured": ["penalty"],
}
"""Settings of the choice itself that matter to a strategy."""

CONDITIONS = {"contain": "Must contain", "never": "Must not contain"}


def form(dataset: Dataset, models: Sequence[Run], disabled: bool) -> None:
    """Show the form, and start on request."""
    strategy = str(
        choosing.selectbox(
            "How to choose",
            list(STRATEGIES),
            format_func=lambda name: STRATEGIES[name].offer,
            key="select-strategy",
            persist_state="session",
            help=HELP,
        )
    )
    left, right = st.columns(2)
    with left:
        values = fields(SelectConfiguration, ["size"], "select", LABELS)
    with right:
        values["start"] = _start(dataset)
    needed = strategy in NEED_MODELS
    chosen = _models(models, dataset) if needed else []
    with st.expander("Conditions and more settings", icon=":material/tune:"):
        for name, label in CONDITIONS.items():
            values[name] = _genes(name, label, dataset)
        values |= fields(SelectConfiguration, [*OWN_SETTINGS.get(strategy, ()), "seed"], "select", LABELS)
        if strategy == "concrete":
            st.markdown("**Concrete autoencoder**")
            names = list(ConcreteConfiguration.model_fields)
            values["concrete"] = fields(ConcreteConfiguration, names, "select-concrete")
    lacking = needed and not chosen
    if lacking:
        st.warning("This way of choosing asks a trained network. Choose one, or another way.")
    if st.button("Choose genes", type="primary", icon=":material/checklist:", disabled=disabled or lacking):
        start("select", {"dataset": dataset.id, "strategy": strategy, "models": chosen, **values})


def _start(dataset: Dataset) -> str:
    """Let a panel be chosen that is to be extended."""
    known = {"": "nothing", "L1000": "L1000"} | {
        stored.text: stored.name for stored in stored_lists(resources.here())
    }
    return str(
        choosing.selectbox(
            "Start from",
            list(known),
            format_func=known.__getitem__,
            key=f"select-start-{dataset.id}",
            persist_state="session",
            help="A panel to extend: its genes stay, others are added. Lists of your own are made on the page of "
            "gene sets.",
        )
    )


def _models(models: Sequence[Run], dataset: Dataset) -> list[str]:
    if not models:
        return []
    known = {run.id: run for run in models}
    return choosing.multiselect(
        "Networks",
        list(known),
        default=[models[0].id],
        format_func=lambda name: told_apart(known[name]),
        key=f"select-models-{dataset.id}",
        persist_state="session",
        help="They are asked what they restore of each sample, or how genes rank. Several seeds make the choice "
        "steadier.",
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
    found = triage(text, genes_of(dataset), identifier=dataset.manifest.identifier)
    if found.absent or found.unknown:
        show_triage(found)
    return list(found.used)
