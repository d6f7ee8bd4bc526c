"""What the chosen steps would do, seen on some of the samples before anything is computed in earnest."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from anndata import AnnData

from landmark.data.history import describe, fact
from landmark.data.steps.normalise import PAPER_RANGE, quantile_normalise
from landmark.data.steps.normalise import log2 as take_log2
from landmark.data.steps.stream import from_memory, in_memory
from landmark.errors import LandmarkError
from landmark.figures.distributions import expression_densities
from landmark.figures.preparation import before_and_after
from landmark.runs.datasets import Dataset
from landmark.ui.figure import show
from landmark.ui.glimpse import glimpse
from landmark.wording import counted, escaped

VALUES = 40_000
UNKNOWN = "expression, unit not stated"


def preview(dataset: Dataset, chosen: Mapping[str, Any]) -> None:
    """Draw the values as they are beside those after the chosen steps."""
    seen = glimpse(dataset)
    choices = {name: chosen[name] for name in ("log2", "log2_offset", "quantile")}
    try:
        after, unit = _after(str(dataset.folder), dataset, **choices)
    except LandmarkError as error:
        st.warning(escaped(error), icon=":material/warning:")
        after, unit = _drawn(seen.values), dataset.manifest.unit
    before = _drawn(seen.values)
    if np.array_equal(before, after):
        figure = expression_densities({"as it is": before}, unit or UNKNOWN)
    else:
        figure = before_and_after(before, after, unit or UNKNOWN)
    show(
        figure,
        f"preview-{dataset.id}",
        table=pd.DataFrame({"before": before, "after": after}),
        name="preview",
        alt="Densities of the values as they are and after the chosen steps",
    )
    st.caption(
        f"A preview of logarithm and normalisation on {counted(len(seen.samples), 'sample')}; nothing has been "
        "changed yet."
    )


@st.cache_data(max_entries=32, show_spinner="Trying the steps on some samples")
def _after(
    folder: str, _dataset: Dataset, log2: bool, log2_offset: float, quantile: str
) -> tuple[np.ndarray, str]:
    """Return values after the steps and their unit; the folder stands for the dataset in the cache."""
    stream = from_memory(AnnData(glimpse(_dataset).values))
    describe(stream.about, unit=_dataset.manifest.unit)
    if log2:
        stream = take_log2(stream, log2_offset)
    if quantile != "none":
        low, high = PAPER_RANGE if quantile == "4 to 15" else (None, None)
        stream = quantile_normalise(stream, low, high)
    matrix = in_memory(stream)
    return _drawn(matrix.X), fact(matrix, "unit")


def _drawn(X: np.ndarray) -> np.ndarray:
    return X.ravel()[np.random.default_rng(0).integers(X.size, size=VALUES)]
