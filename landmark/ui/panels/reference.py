"""The group of samples whose mean counts as nothing."""

from pathlib import Path

import anndata
import pandas as pd
import streamlit as st

from landmark.data.split import COLUMN
from landmark.runs.datasets import MATRIX
from landmark.runs.store import Run
from landmark.ui import choosing, resources

_MOST_GROUPS = 50


def reference_group(model: Run, prefix: str = "rank") -> dict[str, str]:
    """Choose annotation column and value; empty where the samples have no annotation that divides them."""
    data = next(found for found in resources.datasets() if found.id == model.manifest.parents["dataset"])
    labels = [name for name, values in data.manifest.labels.items() if 2 <= values <= _MOST_GROUPS]
    if not labels:
        st.info(
            f"The group mean needs an annotation with 2 to {_MOST_GROUPS} values, and this dataset has none. Import "
            "it with sample labels, or choose another reference."
        )
        return {}
    label = choosing.selectbox(
        "Annotation of the group",
        labels,
        key=f"{prefix}-reference-label-{data.id}",
        persist_state="session",
        help="The column that says which samples belong together.",
    )
    counts = _training_samples(str(data.folder / MATRIX), label)
    group = choosing.selectbox(
        "Group",
        list(counts),
        format_func=lambda name: f"{name} ({counts[name]:,})",
        key=f"{prefix}-reference-group-{data.id}-{label}",
        help="Contributions are measured from the mean of these training samples: choose normal tissue to ask what "
        "sets the others apart from it.",
    )
    return {"reference_label": label, "reference_group": group}


@st.cache_data(max_entries=64, show_spinner=False)
def _training_samples(path: str, label: str) -> dict[str, int]:
    """Count the training samples of each group; the matrix stays on disk."""
    matrix = anndata.read_h5ad(Path(path), backed="r")
    try:
        annotations: pd.DataFrame = matrix.obs
    finally:
        matrix.file.close()
    names = (
        annotations.loc[annotations[COLUMN].astype(str) == "train", label].dropna().astype(str).str.strip()
    )
    return {str(name): int(count) for name, count in names[names != ""].value_counts().items()}
