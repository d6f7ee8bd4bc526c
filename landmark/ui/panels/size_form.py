"""Which sets to follow as they grow, and how: the one form of the size page."""

from collections.abc import Sequence

import streamlit as st

from landmark.runs.datasets import Dataset
from landmark.runs.store import Run
from landmark.ui.form import fields
from landmark.ui.jobs import start
from landmark.ui.panels.predictor_choice import choose_predictor, few_enough, network_settings
from landmark.ui.panels.set_choice import choose_lists, choose_others, choose_rankings
from landmark.workflows.configuration import SizeConfiguration

PREDICTORS = {
    "ridge": "Linear regression (ridge): every size at once, seconds",
    "knn": "Nearest neighbours: a few sizes, seconds to minutes",
    "dgex": "D-GEX, the paper's: a few sizes, minutes to hours",
    "graph": "Graph network (after Kim et al. 2025): a few sizes, minutes to hours",
}
LABELS = {
    "largest": "Largest size (empty: 1,000, or a quarter of the genes)",
    "recovered": "Recovered from this correlation on",
    "random_orders": "Random orders (empty: 10, or 2 where each size is learned anew)",
}


def form(dataset: Dataset, rankings: Sequence[Run], disabled: bool) -> None:
    """Show the form, and start on request."""
    sets = choose_rankings(rankings, f"size-{dataset.id}")
    sets += choose_others(dataset, f"size-{dataset.id}", ("L1000", "variable"))
    sets += choose_lists(f"size-{dataset.id}")
    left, right = st.columns(2)
    with left:
        predictor = choose_predictor("size", PREDICTORS)
    with right:
        values = fields(SizeConfiguration, ["largest"], "size", LABELS)
    if predictor != "ridge":
        values["sizes"] = st.text_input(
            "Sizes to try (empty: five up to the largest)",
            key="size-sizes",
            persist_state="session",
            placeholder="100, 200, 490",
            help="Each is learned anew, for every set and every random order.",
        )
    with st.expander("More settings", icon=":material/tune:"):
        names = ["targets", "strict", "recovered", "random_orders", "seed"]
        values |= fields(SizeConfiguration, names, "size", LABELS)
        values |= network_settings([predictor], "size")
    possible = few_enough(sets)
    if st.button(
        "Compute the curve",
        type="primary",
        icon=":material/straighten:",
        disabled=disabled or not possible,
        help="Such a request is at work on this dataset; cancel it first." if disabled else None,
    ):
        start("size", {"dataset": dataset.id, "sets": sets, "predictor": predictor, **values})
