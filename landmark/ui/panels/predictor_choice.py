"""Choosing how target genes are predicted, the same in every form that asks for it."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from landmark.training.configuration import DgexConfiguration
from landmark.ui.form import fields

PREDICTORS = {
    "ridge": "Linear regression (ridge): seconds",
    "knn": "Nearest neighbours: seconds",
    "dgex": "D-GEX, the paper's: minutes to hours",
}
MOST_SETS = 6


def choose_predictor(key: str, predictors: Mapping[str, str] = PREDICTORS) -> str:
    """Let one of the predictors be chosen; ``predictors`` says of each what it is and how long it takes."""
    return str(
        st.selectbox(
            "Predictor",
            list(predictors),
            format_func=predictors.__getitem__,
            key=f"{key}-predictor",
            persist_state="session",
            help="Learns on training samples to tell all other genes from the genes of a set. The paper uses D-GEX, "
            "which can see that genes act together; in the other two each gene has one weight.",
        )
    )


def dgex_settings(predictor: str, key: str) -> dict[str, Any]:
    """Show the settings of D-GEX where it is the predictor, and return them under its name."""
    if predictor != "dgex":
        return {}
    st.markdown("**D-GEX**")
    return {"dgex": fields(DgexConfiguration, list(DgexConfiguration.model_fields), f"{key}-dgex")}


def few_enough(sets: Sequence[str]) -> bool:
    """Tell whether so many sets can be asked about, and say so where they cannot."""
    if 1 <= len(sets) <= MOST_SETS:
        return True
    st.warning(f"Choose between 1 and {MOST_SETS} sets; {len(sets)} are chosen.")
    return False
