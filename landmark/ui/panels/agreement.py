"""How far two stored rankings agree, remembered."""

import streamlit as st

from landmark.genesets.standing import agreement
from landmark.ui import resources


@st.cache_data(max_entries=256, show_spinner=False)
def agreement_of(run_id: str, other_id: str, cut: int) -> tuple[float, float]:
    """Return the correlation of all ranks, and the share of the first ``cut`` genes that both rankings name."""
    return agreement(resources.table(run_id, "ranking"), resources.table(other_id, "ranking"), cut)
