"""The one form of the quality page."""

from typing import Any

import streamlit as st

from landmark.analyses.quality.config import QualityConfiguration
from landmark.runs.datasets import Dataset
from landmark.ui.form import fields
from landmark.ui.jobs import start

LABELS = {
    "genes": "Most variable genes",
    "components": "Principal components",
    "threshold": "Outlier from (deviations)",
    "shown": "Most samples in the heat map",
    "seed": "Seed of drawn samples",
}


def form(dataset: Dataset, first: bool, disabled: bool) -> None:
    """Show the choices, and look at the samples on request."""
    with st.expander("Change the settings", icon=":material/tune:"):
        columns = st.columns(2)
        values: dict[str, Any] = {}
        for place, name in enumerate(LABELS):
            with columns[place % 2]:
                values |= fields(QualityConfiguration, [name], "quality", LABELS)
    if st.button(
        "Look at the samples" if first else "Look again",
        type="primary" if first else "secondary",
        icon=":material/troubleshoot:",
        disabled=disabled,
    ):
        start("quality", {"dataset": dataset.id, **values})
