"""Which predictor to fit: the form on the page of explanations."""

from collections.abc import Sequence

import streamlit as st

from landmark.runs.datasets import Dataset
from landmark.runs.store import Run
from landmark.training.configuration import DgexConfiguration
from landmark.ui.clock import ago
from landmark.ui.form import fields
from landmark.ui.jobs import start
from landmark.workflows.configuration import FitConfiguration

PUBLISHED = {
    "L1000": "L1000: the 943 landmark genes of the paper",
    "L1000-978": "L1000: all 978 landmark genes",
    "variable": "Most variable genes",
}
"""Sets that need no run, as the configuration writes them."""

PREDICTORS = {
    "dgex": "D-GEX, the paper's network: minutes to hours",
    "ridge": "Linear regression (ridge): seconds",
    "knn": "Nearest neighbours: seconds",
}


def fit_form(data: Dataset, rankings: Sequence[Run], disabled: bool, first: bool) -> None:
    """Show the form, and start the fit on request.

    Parameters
    ----------
    data
        The dataset to fit on.
    rankings
        Rankings of its genes, newest first.
    disabled
        Whether something is being computed already.
    first
        Whether there is no predictor yet, which makes this the main button of the page.
    """
    ranked = {
        f"{run.id}:{run.manifest.metrics['cut']}": f"Top {run.manifest.metrics['cut']:,} of the ranking of "
        f"{ago(run.manifest.started)}, {run.id}"
        for run in rankings
    }
    sets = PUBLISHED | ranked
    left, right = st.columns(2)
    gene_set = left.selectbox(
        "Landmark genes",
        list(sets),
        format_func=sets.__getitem__,
        key=f"fit-set-{data.id}",
        help="The genes that are measured; all others are predicted from them.",
    )
    predictor = right.selectbox(
        "Predictor",
        list(PREDICTORS),
        format_func=PREDICTORS.__getitem__,
        key="fit-predictor",
        persist_state="session",
        help="D-GEX can see that genes act together; in the other two each landmark gene has one weight.",
    )
    values: dict[str, object] = {}
    with st.expander("More settings", icon=":material/tune:"):
        values |= fields(FitConfiguration, ["size", "seed"], "fit", {"size": "Number of genes"})
        if predictor == "dgex":
            st.markdown("**D-GEX**")
            values["dgex"] = fields(DgexConfiguration, list(DgexConfiguration.model_fields), "fit-dgex")
    if st.button(
        "Fit this predictor",
        type="primary" if first else "secondary",
        icon=":material/function:",
        disabled=disabled,
        key="fit-start",
    ):
        start("fit", {"dataset": data.id, "set": gene_set, "predictor": predictor, **values})
