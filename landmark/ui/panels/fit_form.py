"""Which predictor to fit: the form on the page of explanations."""

from collections.abc import Sequence

import streamlit as st

from landmark.runs.datasets import Dataset
from landmark.runs.lists import stored_lists
from landmark.runs.store import Run
from landmark.ui import resources
from landmark.ui.form import fields
from landmark.ui.jobs import start
from landmark.ui.panels.predictor_choice import PREDICTORS, choose_predictor, dgex_settings
from landmark.ui.panels.set_choice import OTHERS, told_apart
from landmark.workflows.configuration import FitConfiguration

NETWORK_FIRST = {name: PREDICTORS[name] for name in ("dgex", "ridge", "knn")}
"""The network is the one whose predictions ask for an explanation."""


def fit_form(data: Dataset, orders: Sequence[Run], disabled: bool, first: bool) -> None:
    """Show the form, and start the fit on request.

    Parameters
    ----------
    data
        The dataset to fit on.
    orders
        Runs that put its genes in order, rankings and selections, of which the first genes can be taken.
    disabled
        Whether something is being computed already.
    first
        Whether there is no predictor yet, which makes this the main button of the page.
    """
    ordered = {
        f"{run.id}:{run.manifest.metrics['cut']}": f"First {run.manifest.metrics['cut']:,} genes of {told_apart(run)}"
        for run in orders
    }
    own = {stored.text: f"Your list: {stored.name}" for stored in stored_lists(resources.here())}
    sets = OTHERS | ordered | own
    left, right = st.columns(2)
    gene_set = left.selectbox(
        "Landmark genes",
        list(sets),
        format_func=sets.__getitem__,
        key=f"fit-set-{data.id}",
        help="The genes that are measured; all others are predicted from them.",
    )
    with right:
        predictor = choose_predictor("fit", NETWORK_FIRST)
    values: dict[str, object] = {}
    with st.expander("More settings", icon=":material/tune:"):
        values |= fields(FitConfiguration, ["size", "seed"], "fit", {"size": "Number of genes"})
        values |= dgex_settings(predictor, "fit")
    if st.button(
        "Fit this predictor",
        type="primary" if first else "secondary",
        icon=":material/function:",
        disabled=disabled,
        key="fit-start",
    ):
        start("fit", {"dataset": data.id, "set": gene_set, "predictor": predictor, **values})
