"""Whose samples to cluster, and how: the one form of the clusters page."""

from pathlib import Path
from typing import Any

import anndata
import streamlit as st

from landmark.analyses.clusters.config import ClusterConfiguration
from landmark.runs.datasets import MATRIX, Dataset
from landmark.runs.store import Run
from landmark.ui import choosing, resources
from landmark.ui.form import fields
from landmark.ui.jobs import start

_MOST_GROUPS = 50
_LABELS = {
    "most_missing": "Most missing genes (share)",
    "scaling": "Scale genes by",
    "clusters": "Number of clusters (0: automatic)",
}


def form(dataset: Dataset, model: Run, first: bool, disabled: bool) -> None:
    """Choose samples, label, groups and the way of clustering, and start it on request."""
    known = {item.id: item for item in resources.datasets()}
    titles = choosing.distinct({name: _title(item, dataset) for name, item in known.items()})
    chosen = known[
        choosing.selectbox(
            "Samples of",
            list(known),
            index=list(known).index(dataset.id),
            format_func=titles.__getitem__,
            key=f"cluster-dataset-{dataset.id}",
            help="Any dataset can be embedded with this network, if it measures most of its genes.",
        )
    ]
    label, groups = _label(chosen)
    values: dict[str, Any] = {}
    with st.expander("Way of clustering", icon=":material/tune:", expanded=chosen.id != dataset.id):
        if chosen.id != dataset.id:
            st.markdown("**Samples of another dataset**")
            values |= fields(ClusterConfiguration, ["most_missing", "scaling"], "cluster", _LABELS)
        names = ["linkage", "distance", "clusters", "seed"]
        values |= fields(ClusterConfiguration, names, "cluster", _LABELS)
    if st.button(
        "Cluster the samples" if first else "Cluster again",
        type="primary" if first else "secondary",
        icon=":material/bubble_chart:",
        disabled=disabled,
    ):
        other = chosen.id if chosen.id != dataset.id else ""
        asked = {"model": model.id, "dataset": other, "label": label, "groups": groups}
        start("cluster", asked | values)


def _title(item: Dataset, own: Dataset) -> str:
    return f"{item.manifest.title} (what I work on)" if item.id == own.id else item.manifest.title


def _label(dataset: Dataset) -> tuple[str, list[str]]:
    labels = [name for name, values in dataset.manifest.labels.items() if 2 <= values <= _MOST_GROUPS]
    label = choosing.selectbox(
        "Label to compare clusters with",
        ["", *labels],
        format_func=lambda name: name or "propose one",
        key=f"cluster-label-{dataset.id}",
        persist_state="session",
        help=f"Annotations with 2 to {_MOST_GROUPS} different values. The paper: normal lung, adenocarcinoma, "
        "squamous cell carcinoma.",
    )
    if not label:
        return "", []
    counts = _counts(str(dataset.folder / MATRIX), label)
    groups = choosing.multiselect(
        "Groups",
        list(counts),
        format_func=lambda name: f"{name} ({counts[name]:,})",
        placeholder="propose the largest",
        key=f"cluster-groups-{dataset.id}-{label}",
        help="Samples of other groups are left out.",
    )
    return label, groups


@st.cache_data(max_entries=64, show_spinner=False)
def _counts(path: str, label: str) -> dict[str, int]:
    """Count the samples of each group, the largest first; the matrix stays on disk."""
    matrix = anndata.read_h5ad(Path(path), backed="r")
    try:
        column = matrix.obs[label]
        named = column[column.notna()].astype(str).str.strip()
        counts = named[named != ""].value_counts()
    finally:
        matrix.file.close()
    return {str(name): int(count) for name, count in counts.items()}
