"""Which dataset to predict, from which sets: the one form of the page of another platform."""

from collections.abc import Sequence

import streamlit as st

from landmark.runs.datasets import Dataset
from landmark.runs.store import Run
from landmark.ui.form import fields
from landmark.ui.headline import size
from landmark.ui.jobs import start
from landmark.ui.panels.predictor_choice import choose_predictor, few_enough, network_settings
from landmark.ui.panels.set_choice import choose_lists, choose_others, choose_rankings
from landmark.workflows.configuration import CrossPlatformConfiguration

LABELS = {
    "size": "Genes per set (empty: as many as the smallest set has in both)",
    "normalise": "Joint quantile normalisation",
    "joint_ranks": "Equal values",
    "scaling": "Standardise the other dataset by",
    "label": "Annotation that tells tissues (empty: one that fits)",
    "random_sets": "Random sets (empty: 20, or 3 with a network)",
}


def form(dataset: Dataset, others: Sequence[Dataset], rankings: Sequence[Run], disabled: bool) -> None:
    """Show the form, and start the prediction on request."""
    known = {other.id: f"{other.manifest.title}, {size(other)}" for other in others}
    other = st.selectbox(
        "Dataset to predict",
        list(known),
        format_func=known.__getitem__,
        key=f"platform-other-{dataset.id}",
        help="All its samples are predicted from what is learned on the dataset worked on.",
    )
    key = f"platform-{dataset.id}"
    sets = choose_rankings(rankings, key) + choose_others(key) + choose_lists(key)
    left, right = st.columns(2)
    with left:
        predictor = choose_predictor("platform")
    with right:
        values = fields(CrossPlatformConfiguration, ["size"], "platform", LABELS)
    with st.expander("More settings", icon=":material/tune:"):
        names = ["normalise", "joint_ranks", "scaling", "label", "random_sets", "seed"]
        values |= fields(CrossPlatformConfiguration, names, "platform", LABELS)
        values |= network_settings([predictor], "platform")
    possible = few_enough(sets)
    if st.button(
        "Predict the other dataset",
        type="primary",
        icon=":material/swap_horiz:",
        disabled=disabled or not possible,
        help="Such a request is at work on this dataset; cancel it first." if disabled else None,
    ):
        asked = {"dataset": dataset.id, "other": other, "sets": sets, "predictor": predictor, **values}
        start("cross-platform", asked)
