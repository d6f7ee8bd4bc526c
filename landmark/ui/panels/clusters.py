"""Samples by their bottleneck values: tree, map, and agreement with what is known of them."""

from pathlib import Path
from typing import Literal

import anndata
import pandas as pd
import streamlit as st

from landmark.figures.agreement import agreement_bars
from landmark.figures.dendrogram import dendrogram
from landmark.figures.samples import umap_scatter
from landmark.runs.datasets import MATRIX, Dataset
from landmark.runs.store import Run
from landmark.ui import resources
from landmark.ui.download import csv, h5ad
from landmark.ui.figure import show
from landmark.ui.form import fields
from landmark.ui.jobs import start
from landmark.ui.panels.words import escaped
from landmark.workflows.configuration import ClusterConfiguration

FORMULA = (
    "Each sample is its values in the bottleneck. Hierarchical clustering (average linkage of 1 - Pearson "
    "correlation unless chosen otherwise; the paper leaves both open), cut into as many clusters as there are "
    "groups. Adjusted Rand index: Hubert and Arabie 1985. Silhouette: Rousseeuw 1987. UMAP: McInnes et al. 2018."
)
RAND = (
    "Adjusted Rand index: of all pairs of samples, how often clusters and labels agree on together or apart, "
    "corrected for chance. 1: the same groups; 0: no better than chance."
)
SILHOUETTE = (
    "Silhouette of the labels: how much closer a sample is to its own group than to the nearest other one. "
    "From -1 to 1; above 0.5 is well apart, near 0 the groups run into each other."
)
_COLOURS: dict[Literal["label", "cluster"], str] = {"label": "Label", "cluster": "Cluster"}
_MOST_GROUPS = 50


def answer(run: Run, agreement: pd.DataFrame) -> str:
    """Say how well clusters agree with labels, beside PCA, all genes and chance."""
    found = run.manifest.metrics
    others = [
        f"{escaped(row.representation)} {row.adjusted_rand:z.2f}"
        for row in agreement.itertuples()
        if row.representation != "bottleneck"
    ]
    return (
        f"{found['clusters']} clusters of {found['samples']:,} samples agree with **{escaped(found['label'])}** by "
        f"an adjusted Rand index of {found['adjusted_rand']:z.2f} (1: the same groups, 0: chance). The same by "
        f"{', '.join(others)}."
    )


def form(dataset: Dataset, model: Run, first: bool, disabled: bool) -> None:
    """Choose label, groups and the way of clustering, and start it on request."""
    labels = [name for name, values in dataset.manifest.labels.items() if 2 <= values <= _MOST_GROUPS]
    label = st.selectbox(
        "Label to compare clusters with",
        ["", *labels],
        format_func=lambda name: name or "propose one",
        key=f"cluster-label-{dataset.id}",
        persist_state="session",
        help=f"Annotations with 2 to {_MOST_GROUPS} different values. The paper: normal lung, adenocarcinoma, "
        "squamous cell carcinoma.",
    )
    groups: list[str] = []
    if label:
        counts = _counts(str(dataset.folder / MATRIX), label)
        groups = st.multiselect(
            "Groups",
            list(counts),
            format_func=lambda name: f"{name} ({counts[name]:,})",
            placeholder="propose the largest",
            key=f"cluster-groups-{dataset.id}-{label}",
            help="Samples of other groups are left out.",
        )
    with st.expander("Way of clustering", icon=":material/tune:"):
        values = fields(ClusterConfiguration, ["linkage", "distance", "clusters", "seed"], "cluster")
    if st.button(
        "Cluster the samples" if first else "Cluster again",
        type="primary" if first else "secondary",
        icon=":material/bubble_chart:",
        disabled=disabled,
    ):
        start("cluster", {"model": model.id, "label": label, "groups": groups, **values})


@st.cache_data(max_entries=64, show_spinner=False)
def _counts(path: str, label: str) -> dict[str, int]:
    """Count the samples of each group; the matrix stays on disk."""
    matrix = anndata.read_h5ad(Path(path), backed="r")
    try:
        counts = matrix.obs[label].astype(str).value_counts()
    finally:
        matrix.file.close()
    return {str(name): int(count) for name, count in counts.items()}


def figures(run: Run) -> None:
    """Draw the tree and the map, coloured by label or by cluster."""
    embedding = resources.table(run.id, "embedding")
    colour = st.segmented_control(
        "Colour",
        list(_COLOURS),
        default="label",
        required=True,
        format_func=_COLOURS.__getitem__,
        key="clusters-colour",
    )
    tree, plane = st.tabs(["Tree", "Map (UMAP)"])
    with tree:
        distance = _distance(run)
        figure = dendrogram(resources.table(run.id, "linkage"), embedding, True, colour, distance)
        show(figure, f"tree-{run.id}", table=embedding, name="dendrogram")
    with plane:
        show(umap_scatter(embedding, colour), f"umap-{run.id}", table=embedding, name="umap")
        st.caption("UMAP keeps neighbours together; distances between far groups mean little.")


def _distance(run: Run) -> str:
    made = run.manifest.configuration["distance"]
    return {"correlation": "1 - correlation", "cosine": "1 - cosine"}.get(made, f"{made} distance")


def agreement(run: Run, table: pd.DataFrame) -> None:
    """Show the agreement with labels, with its words explained."""
    found = run.manifest.metrics
    st.subheader("Agreement with the labels")
    with st.container(horizontal=True, gap="large"):
        st.metric("Adjusted Rand index", f"{found['adjusted_rand']:z.3f}", help=RAND, width="content")
        st.metric(
            "Silhouette",
            f"{found['silhouette']:z.3f}",
            f"{found['silhouette'] - found['silhouette_pca']:+.3f} against PCA",
            help=SILHOUETTE,
            width="content",
        )
        st.metric(
            "Neighbours of the same label",
            f"{found['neighbour_accuracy']:.3f}",
            help="Share of samples whose nearest neighbours tell its label.",
            width="content",
        )
    show(agreement_bars(table), f"agreement-{run.id}", table=table, name="agreement")


def downloads(run: Run) -> None:
    """Offer the embedding for other programs."""
    with st.container(horizontal=True):
        st.download_button(
            "Coordinates and clusters (CSV)",
            csv(resources.table(run.id, "embedding")),
            "embedding.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Bottleneck values (CSV)",
            csv(resources.table(run.id, "bottleneck")),
            "bottleneck.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Embedding for Scanpy (h5ad)",
            h5ad(run),
            "embedding.h5ad",
            "application/x-hdf5",
            icon=":material/download:",
            on_click="ignore",
        )


def describe(run: Run) -> str:
    """Say what distinguishes a clustering from another of the same model."""
    made = run.manifest.configuration
    return f"{run.manifest.metrics['label']}, {made['linkage']} linkage, {made['distance']}"
