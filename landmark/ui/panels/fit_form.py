"""Which predictor to fit: the form on the page of explanations."""

from collections.abc import Sequence

import streamlit as st

from landmark.runs.datasets import Dataset
from landmark.runs.store import Run
from landmark.ui.form import fields
from landmark.ui.jobs import start
from landmark.ui.panels.predictor_choice import (
    PREDICTORS,
    choose_covariate,
    choose_predictor,
    network_settings,
)
from landmark.ui.panels.set_choice import choose_set
from landmark.workflows.configuration import FitConfiguration

NETWORK_FIRST = {name: PREDICTORS[name] for name in ("dgex", "graph", "ridge", "knn")}
"""Networks are those whose predictions ask for an explanation."""


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
    left, right = st.columns(2)
    with left:
        gene_set = choose_set(data, orders, f"fit-set-{data.id}")
    with right:
        predictor = choose_predictor("fit", NETWORK_FIRST)
    values: dict[str, object] = {}
    with st.expander("More settings", icon=":material/tune:"):
        values |= fields(FitConfiguration, ["size", "seed"], "fit", {"size": "Number of genes"})
        values["covariate"] = choose_covariate(data, "fit")
        values |= network_settings([predictor], "fit")
    if st.button(
        "Fit this predictor",
        type="primary" if first else "secondary",
        icon=":material/function:",
        disabled=disabled,
        key="fit-start",
    ):
        start("fit", {"dataset": data.id, "set": gene_set, "predictor": predictor, **values})
