"""A look into a stored matrix without loading all of it."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from landmark.store.datasets import Dataset
from landmark.ui import state
from landmark.ui.page import guarded
from landmark.ui.resources import BY_FOLDER

ROWS, COLUMNS = 8, 8
"""Corner of the matrix that is shown."""

SAMPLES = 200
"""Evenly spaced samples whose values are read for distributions."""


@dataclass(frozen=True)
class Glimpse:
    """What can be seen of a dataset at once.

    Attributes
    ----------
    corner
        First samples and genes, samples as index.
    values
        float32 [at most ``SAMPLES``, genes]: all genes of evenly spaced samples.
    samples
        Names of these samples.
    annotations
        First samples with their annotations and their part of the split.
    history
        What was done to the matrix, in order.
    """

    corner: pd.DataFrame
    values: np.ndarray
    samples: list[str]
    annotations: pd.DataFrame
    history: list[dict[str, Any]]


@st.cache_resource(max_entries=4, show_spinner="Looking into the matrix", hash_funcs=BY_FOLDER)
def glimpse(dataset: Dataset) -> Glimpse:
    """Look into a dataset; the answer is kept, for datasets never change."""
    with dataset.opened() as matrix:
        chosen = np.unique(np.linspace(0, matrix.n_obs - 1, min(SAMPLES, matrix.n_obs)).round().astype(int))
        corner = np.asarray(matrix.X[:ROWS, :COLUMNS])
        genes = matrix.var_names[:COLUMNS].astype(str)
        return Glimpse(
            corner=pd.DataFrame(corner, index=matrix.obs_names[:ROWS].astype(str), columns=genes),
            values=np.asarray(matrix.X[chosen]),
            samples=[str(name) for name in matrix.obs_names[chosen]],
            annotations=matrix.obs.head(50),
            history=[json.loads(str(entry)) for entry in matrix.uns["landmark"].get("history", [])],
        )


def offer_dataset(dataset: Dataset, text: str, key: str) -> None:
    """Offer to work on a dataset, beside a line about it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(text, width="content")
        st.button(
            "Work on that one",
            key=key,
            type="tertiary",
            on_click=guarded()(state.choose_dataset),
            args=(dataset.id,),
        )
