"""What to compare, and how: the one form of the comparison."""

from collections.abc import Sequence

import streamlit as st

from landmark.runs.datasets import Dataset
from landmark.runs.store import Run
from landmark.ui import choosing, resources
from landmark.ui.form import fields
from landmark.ui.jobs import start
from landmark.ui.panels.predictor_choice import (
    choose_covariate,
    choose_predictor,
    few_enough,
    network_settings,
)
from landmark.ui.panels.set_choice import asked_sets, choose_lists, choose_others, first_genes, told_apart
from landmark.workflows.configuration import CompareConfiguration
from landmark.workflows.sets import cut_of


def form(dataset: Dataset, rankings: Sequence[Run], disabled: bool) -> None:
    """Show the form, and start the comparison on request."""
    sets = _rankings(dataset, rankings) + choose_others(dataset, f"compare-{dataset.id}")
    sets += choose_lists(f"compare-{dataset.id}")
    left, right = st.columns(2)
    with left:
        predictor = choose_predictor("compare")
    with right:
        label = {"random_sets": "Random sets (empty: 20, or 3 with a network)"}
        values = fields(CompareConfiguration, ["random_sets"], "compare", label)
    with st.expander("More settings", icon=":material/tune:"):
        values |= fields(CompareConfiguration, ["targets", "strict", "same_size", "seed"], "compare")
        values["covariate"] = choose_covariate(dataset, "compare")
        values |= network_settings([predictor], "compare")
    possible = few_enough(sets)
    if st.button(
        "Compare",
        type="primary",
        icon=":material/balance:",
        disabled=disabled or not possible,
    ):
        start("compare", {"dataset": dataset.id, "sets": sets, "predictor": predictor, **values})


def _rankings(dataset: Dataset, rankings: Sequence[Run]) -> list[str]:
    """Let rankings and greedy selections be chosen, with one cut for all of them."""
    rankings = [*rankings, *resources.runs("select", dataset=dataset.id)]
    if not rankings:
        return []
    known = {run.id: run for run in rankings}
    asked = asked_sets(known)
    names, size = st.columns([3, 1])
    chosen = choosing.multiselect(
        "Sets from rankings and selections",
        list(known),
        default=asked or [rankings[0].id],
        format_func=lambda name: told_apart(known[name]),
        key="-".join(["compare-rankings", dataset.id, *asked]),
        persist_state="session",
        help="Each gives the first K of its genes.",
        where=names,
    )
    cut = size.number_input(
        "K",
        min_value=1,
        max_value=dataset.manifest.genes - 1,
        value=cut_of(rankings[0]),
        step=10,
        key=f"compare-cut-{rankings[0].id}",
        help="Genes per set. The paper: 943.",
    )
    return [first_genes(known[name], int(cut)) for name in chosen]
