"""Which predictors to set against each other, and on which genes: the one form of the page."""

from collections.abc import Sequence

import streamlit as st

from landmark.runs.datasets import Dataset
from landmark.runs.store import Run
from landmark.ui.form import fields
from landmark.ui.jobs import start
from landmark.ui.panels.predictor_choice import choose_covariate, choose_predictors, network_settings
from landmark.ui.panels.set_choice import choose_set
from landmark.workflows.configuration import InferConfiguration

LABELS = {"size": "Number of genes (empty: all of the set)", "null": "Chance, for recall"}


def form(data: Dataset, orders: Sequence[Run], disabled: bool) -> None:
    """Show the form, and start on request."""
    left, right = st.columns(2)
    with left:
        gene_set = choose_set(data, orders, f"predictors-set-{data.id}")
        size = fields(InferConfiguration, ["size"], "predictors", LABELS)
    with right:
        predictors = choose_predictors("predictors")
        covariate = choose_covariate(data, "predictors")
        if covariate:
            st.caption("Each predictor is fitted with it and without it.")
    with st.expander("More settings", icon=":material/tune:"):
        values = fields(InferConfiguration, ["null", "seed"], "predictors", LABELS)
        values |= network_settings(predictors, "predictors")
    if not predictors:
        st.warning("Choose at least one predictor.")
    if st.button(
        "Infer the held-out samples",
        type="primary",
        icon=":material/query_stats:",
        disabled=disabled or not predictors,
        help="Such a request is at work on this dataset; cancel it first." if disabled else None,
    ):
        asked = {"dataset": data.id, "set": gene_set, "predictors": predictors, "covariate": covariate}
        start("infer", {**asked, **size, **values})
