"""The samples as a tree and as a map, the cut into clusters, and what the units say of each cluster."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import streamlit as st

from landmark.analyses.clusters.figures import cut_curve, unit_heat
from landmark.analyses.clusters.figures_tree import dendrogram
from landmark.analyses.clusters.results import ClusterResults
from landmark.metrics.clusters import clusters_at, cut, cut_height, unit_profiles
from landmark.plots.samples import sample_scatter
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.figure import once, show
from landmark.ui.state import parameter, set_parameter
from landmark.wording import counted

CUT = "clusters"
"""Name in the address of the number of clusters."""

_MOST = 30
_COLOURS: dict[Literal["label", "cluster"], str] = {"label": "Label", "cluster": "Cluster"}


@dataclass(frozen=True)
class Shown:
    """What the page shows.

    Attributes
    ----------
    embedding
        The run's, with the clusters of the cut that is shown.
    clusters
        Their number.
    stored
        Whether the run itself was cut like this.
    """

    embedding: pd.DataFrame
    clusters: int
    stored: bool


def cut_fields(run: Run) -> Shown:
    """Let the tree be cut elsewhere: by a number of clusters, or at a height."""
    embedding = resources.table(run.id, "embedding")
    linkage = resources.table(run.id, "linkage").to_numpy(float)
    stored = ClusterResults.read(run.manifest.metrics).clusters
    most = min(_MOST, len(linkage))
    given = parameter(CUT, "")
    number = min(max(int(given), 1), most) if given.isdecimal() else min(stored, most)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        by_height = st.toggle(
            "Cut by height",
            key=f"cut-by-height-{run.id}",
            help="Move the height at which the tree is cut, rather than the number of clusters.",
        )
        number = _height(run, linkage, number) if by_height else _number(run, number, most)
    set_parameter(CUT, "" if number == stored else str(number))
    if number == stored:
        return Shown(embedding, stored, True)
    return Shown(embedding.assign(cluster=cut(linkage, number)), number, False)


def _number(run: Run, number: int, most: int) -> int:
    if most < 2:
        return number
    return int(
        st.slider(
            "Number of clusters",
            1,
            most,
            number,
            key=f"cut-{run.id}",
            width=420,
            help="Cuts the same tree elsewhere; nothing is computed again.",
        )
    )


def _height(run: Run, linkage: np.ndarray, number: int) -> int:
    top = float(linkage[:, 2].max())
    height = st.slider(
        "Height of the cut",
        0.0,
        top,
        min(cut_height(linkage, number), top),
        step=top / 200,
        key=f"cut-height-{run.id}",
        format="%.3f",
        width=420,
        help="Distance at which clusters are still joined. Lower: more clusters.",
    )
    return clusters_at(linkage, height)


def figures(run: Run, shown: Shown) -> np.ndarray | None:
    """Draw tree and maps; return which samples are selected in a map, bool [samples], or None."""
    labelled = bool(ClusterResults.read(run.manifest.metrics).label)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        colour = choosing.segmented_control(
            "Colour",
            list(_COLOURS),
            default="label" if labelled else "cluster",
            required=True,
            format_func=_COLOURS.__getitem__,
            key=f"clusters-colour-{run.id}",
        )
        shape = choosing.segmented_control(
            "Tree", ["circle", "upright"], default="circle", required=True, key="clusters-tree",
            format_func=str.capitalize,
        )  # fmt: skip
    names = ["Tree", "Map (UMAP)"] + (["Map (PCA)"] if "pca_1" in shown.embedding else [])
    tree, *planes = st.tabs(names)
    with tree:
        _tree(run, shown, colour, shape == "circle")
    selected = None
    for plane, kind in zip(planes, ("umap", "pca"), strict=False):
        with plane:
            found = _map(run, shown, colour, kind)
            selected = found if found is not None else selected
    return selected


def _tree(run: Run, shown: Shown, colour: Any, circular: bool) -> None:
    linkage = resources.table(run.id, "linkage")
    height = cut_height(linkage.to_numpy(float), shown.clusters) if shown.clusters > 1 else None
    figure = once(
        lambda: dendrogram(linkage, shown.embedding, circular, colour, _distance(run), height),
        "tree",
        run.id,
        circular,
        colour,
        shown.clusters,
    )
    show(
        figure,
        f"tree-{run.id}",
        table=shown.embedding,
        name="dendrogram",
        alt="Tree of samples, coloured by label or cluster",
    )


def _map(run: Run, shown: Shown, colour: Any, kind: str) -> np.ndarray | None:
    name = {"umap": "UMAP", "pca": "Principal component"}[kind]
    figure = sample_scatter(shown.embedding, f"{kind}_1", f"{kind}_2", colour, f"{name} 1", f"{name} 2")
    event = show(
        figure,
        f"{kind}-{run.id}",
        table=shown.embedding,
        name=kind,
        on_select=True,
        selection=("lasso", "box", "points"),
        alt="Samples as dots, near each other where they are alike",
    )
    st.caption(
        "Draw around samples (lasso, at the top of the map) to look into them below. "
        + (
            "UMAP keeps neighbours together; distances between far groups mean little."
            if kind == "umap"
            else "Principal components of all genes of the training samples, to compare: not the bottleneck."
        )
    )
    points = event["selection"]["points"] if event else []
    if not points:
        return None
    chosen = np.zeros(len(shown.embedding), dtype=bool)
    for point in points:
        chosen[int(figure.data[point["curve_number"]].ids[point["point_index"]])] = True
    return chosen


def _distance(run: Run) -> str:
    made = run.manifest.configuration["distance"]
    return {"correlation": "1 - correlation", "cosine": "1 - cosine"}.get(made, f"{made} distance")


def cuts(run: Run, shown: Shown) -> None:
    """Draw how well separated the clusters of each cut are."""
    if "cuts" not in run.manifest.files:
        return
    table = resources.table(run.id, "cuts")
    if table.empty:
        return
    st.subheader("How many clusters?", anchor=False)
    best = int(table["clusters"].iloc[table["silhouette"].argmax()])
    here = table[table["clusters"] == shown.clusters]
    text = f"The clusters lie furthest apart with {counted(best, 'cluster')}"
    if len(here):
        text += f" (silhouette {table['silhouette'].max():z.2f}; with the {shown.clusters} shown: "
        text += f"{here['silhouette'].iloc[0]:z.2f})"
        if "adjusted_rand" in here:
            text += f". The {shown.clusters} match the labels by {here['adjusted_rand'].iloc[0]:z.2f}"
    st.markdown(f"{text}.")
    show(
        cut_curve(table, shown.clusters), f"cuts-{run.id}", table=table, name="cuts",
        alt="Silhouette by number of clusters",
    )  # fmt: skip


def heat(run: Run, shown: Shown) -> None:
    """Draw the units of the bottleneck by cluster."""
    st.subheader("What the bottleneck says of each cluster", anchor=False)
    units = resources.table(run.id, "bottleneck").drop(columns="sample").to_numpy(float)
    profiles = unit_profiles(units, shown.embedding["cluster"].to_numpy())
    sizes = {int(name): int(count) for name, count in shown.embedding["cluster"].value_counts().items()}
    table = profiles.rename_axis("cluster").rename(columns=lambda unit: f"unit_{unit}").reset_index()
    show(
        unit_heat(profiles, sizes), f"units-{run.id}", table=table, name="units",
        alt="Mean of each bottleneck unit in each cluster",
    )  # fmt: skip
    st.caption("Means in standard deviations (SD) from the mean of all samples shown.")
