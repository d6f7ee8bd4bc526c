"""The samples as a tree and as maps, cut into clusters; and a look into one cluster: who, why, which genes drive it."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import streamlit as st

from landmark.analyses.clusters.figures import cut_curve, unit_heat
from landmark.analyses.clusters.figures_tree import dendrogram
from landmark.analyses.clusters.results import TABLES, ClusterResults
from landmark.analyses.functions.view import SET
from landmark.metrics.clusters import clusters_at, cut, cut_height, distinctive_units, unit_profiles
from landmark.plots.samples import sample_scatter
from landmark.results import Number, Whole
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.download import csv, file_button
from landmark.ui.figure import once, show
from landmark.ui.genes import gene_link
from landmark.ui.jobs import start
from landmark.ui.page import PLACES
from landmark.ui.state import parameter, set_parameter
from landmark.ui.tables import column_config, pick_row, show_table
from landmark.wording import counted, escaped, gene

_CUT = "clusters"
"""Name in the address of the number of clusters."""

_MOST = 30
_COLOURS: dict[Literal["label", "cluster"], str] = {"label": "Label", "cluster": "Cluster"}


@dataclass(frozen=True)
class Shown:
    """What the page shows: samples with the clusters of a cut, their number, and whether the run was cut like this."""

    embedding: pd.DataFrame
    clusters: int
    stored: bool


def cut_fields(run: Run) -> Shown:
    """Let the tree be cut elsewhere: by a number of clusters, or at a height."""
    embedding = resources.table(run.id, "embedding")
    linkage = resources.table(run.id, "linkage").to_numpy(float)
    stored = ClusterResults.read(run.manifest.metrics).clusters
    most = min(_MOST, len(linkage))
    given = parameter(_CUT, "")
    number = min(max(int(given), 1), most) if given.isdecimal() else min(stored, most)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        by_height = st.toggle(
            "Cut by height",
            key=f"cut-by-height-{run.id}",
            help="Move the height at which the tree is cut, rather than the number of clusters.",
        )
        number = _height(run, linkage, number) if by_height else _number(run, number, most)
    set_parameter(_CUT, "" if number == stored else str(number))
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
            _COLOURS,
            default="label" if labelled else "cluster",
            required=True,
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


_SELECTED = "selected in the map"
_UNITS = 10
"""Most distinctive units by which genes are found."""

_GENES = 100


def look_into(run: Run, shown: Shown, selected: np.ndarray | None, disabled: bool) -> None:
    """Show samples, units and genes of a cluster or of the selected samples."""
    st.subheader("Look into a cluster", anchor=False)
    numbers = sorted(set(shown.embedding["cluster"]))
    options = ([_SELECTED] if selected is not None else []) + [str(number) for number in numbers]
    chosen_name = choosing.selectbox(
        "Cluster or selection",
        options,
        format_func=lambda name: "Samples selected in the map" if name == _SELECTED else f"Cluster {name}",
        key=f"look-into-{run.id}-{'selected' if selected is not None else shown.clusters}",
        width=320,
    )
    if chosen_name == _SELECTED and selected is not None:
        chosen = selected
    else:
        chosen = (shown.embedding["cluster"] == int(chosen_name)).to_numpy()
    if chosen.all():
        st.info("These are all samples; choose some of them to compare with the others.")
        return
    units = distinctive_units(
        resources.table(run.id, "bottleneck").drop(columns="sample").to_numpy(float), chosen
    )
    samples, unit, genes = st.tabs(["Samples", "Distinctive units", "Genes that drive them"])
    with samples:
        _samples(run, shown, chosen)
    with unit:
        _units(units)
    with genes:
        if chosen_name != _SELECTED and shown.stored and _has_drivers(run, int(chosen_name)):
            _drivers(run, int(chosen_name))
        else:
            _genes_by_units(run, shown, units, chosen_name, disabled)


def _samples(run: Run, shown: Shown, chosen: np.ndarray) -> None:
    table = shown.embedding[chosen]
    text = f"{counted(len(table), 'sample')} of {len(chosen):,}"
    if ClusterResults.read(run.manifest.metrics).label:
        counts = table["label"].replace("", "no label").value_counts()
        text += ": " + ", ".join(f"{escaped(name)} {count:,}" for name, count in counts.items())
    st.markdown(f"{text}.")
    columns = column_config(TABLES["embedding"].pick("sample", "label", "cluster", "split"))
    show_table(table, columns, height=min(320, 38 + 35 * len(table)))
    file_button("These samples (CSV)", csv(table), "samples.csv")


_OF_UNITS = (
    Whole("unit", "Its number."),
    Number("inside", "Mean over these samples.", "", "Mean here"),
    Number("outside", "Mean over the other samples.", "", "Mean of the others"),
    Number("effect", "In standard deviations within both (Cohen's d).", "", "Difference (SD)", "%+.2f"),
)


def _units(units: pd.DataFrame) -> None:
    first = units.iloc[0]
    way = "higher" if first["effect"] > 0 else "lower"
    st.markdown(
        f"Unit {int(first['unit'])} sets them apart most: its mean is {way} by {abs(first['effect']):.1f} standard "
        "deviations."
    )
    show_table(units.head(_UNITS), column_config(_OF_UNITS))


def _has_drivers(run: Run, cluster: int) -> bool:
    return "drivers" in run.manifest.files and cluster in set(resources.table(run.id, "drivers")["cluster"])


def _drivers(run: Run, cluster: int) -> None:
    table = resources.table(run.id, "drivers")
    table = table[table["cluster"] == cluster].drop(columns="cluster")
    first = ", ".join(gene(name) for name in table["gene"].head(5))
    st.markdown(
        f"{first} drive the units of cluster {cluster} most: DeepLIFT of its samples against the mean of all others."
    )
    columns = column_config(TABLES["drivers"].pick("rank", "gene", "contribution", "share", "difference"))
    row = pick_row(table, columns, f"drivers-{run.id}-{cluster}", most=360)
    with st.container(horizontal=True):
        if st.button("What do these genes do?", icon=":material/function:", key=f"enrich-{run.id}-{cluster}"):
            st.switch_page(PLACES["functions"], query_params={SET: f"{run.id}:{cluster}"})
        file_button("These genes (CSV)", csv(table), f"drivers_{run.id}_{cluster}.csv")
        if row is not None and resources.runs("rank", train=run.manifest.parents["train"]):
            gene_link(str(table["gene"].iloc[row]), f"drivers-{run.id}")


def _genes_by_units(run: Run, shown: Shown, units: pd.DataFrame, name: str, disabled: bool) -> None:
    """Show the genes that the units listen to, from a ranking; offer DeepLIFT for the cut shown."""
    rankings = resources.runs("rank", train=run.manifest.parents["train"])
    if rankings:
        best = units.head(_UNITS)
        table = _listened_to(rankings[0], best)
        st.markdown(
            f"{', '.join(gene(found) for found in table['gene'].head(5))} contribute most to these units over all "
            f"training samples (ranking `{rankings[0].id}`)."
        )
        st.dataframe(table.head(_GENES), hide_index=True, height=360)
        file_button("These genes (CSV)", csv(table), "genes.csv")
    else:
        st.markdown("Rank the genes of this network to see which genes these units listen to.")
        if st.button("Rank the genes", icon=":material/arrow_forward:", key=f"rank-for-{run.id}"):
            st.switch_page(PLACES["ranking"])
    if (
        name != _SELECTED
        and shown.clusters > 1
        and st.button(
            f"Ask DeepLIFT what sets each of these {shown.clusters} clusters apart",
            icon=":material/bubble_chart:",
            disabled=disabled,
        )
    ):
        start("cluster", {**run.manifest.configuration, "clusters": shown.clusters})


def _listened_to(ranking: Run, units: pd.DataFrame) -> pd.DataFrame:
    """Weigh the mean |contribution| of every gene to each unit by how far that unit sets the samples apart."""
    contributions = resources.table(ranking.id, "contributions")
    weights = units["effect"].abs().to_numpy()
    names = [f"unit_{unit}" for unit in units["unit"]]
    score = contributions[names].to_numpy() @ (weights / max(weights.sum(), 1e-12))
    table = pd.DataFrame({"gene": contributions["gene"], "score": score})
    return table.sort_values("score", ascending=False, kind="stable", ignore_index=True)
