"""One cluster, or the samples selected in a map: who they are, what sets them apart, which genes drive that."""

import numpy as np
import pandas as pd
import streamlit as st

from landmark.analyses.clusters.results import ClusterResults
from landmark.analyses.clusters.view_figures import Shown
from landmark.analyses.functions.view import SET
from landmark.metrics.clusters import distinctive_units
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.download import csv, file_button
from landmark.ui.genes import gene_link
from landmark.ui.jobs import start
from landmark.ui.places import PLACES
from landmark.wording import counted, escaped, gene

SELECTED = "selected in the map"
UNITS = 10
"""Most distinctive units by which genes are found."""

_GENES = 100


def look_into(run: Run, shown: Shown, selected: np.ndarray | None, disabled: bool) -> None:
    """Show samples, units and genes of a cluster or of the selected samples."""
    st.subheader("Look into a cluster", anchor=False)
    numbers = sorted(set(shown.embedding["cluster"]))
    options = ([SELECTED] if selected is not None else []) + [str(number) for number in numbers]
    chosen_name = choosing.selectbox(
        "Cluster or selection",
        options,
        format_func=lambda name: "Samples selected in the map" if name == SELECTED else f"Cluster {name}",
        key=f"look-into-{run.id}-{'selected' if selected is not None else shown.clusters}",
        width=320,
    )
    if chosen_name == SELECTED and selected is not None:
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
        if chosen_name != SELECTED and shown.stored and _has_drivers(run, int(chosen_name)):
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
    st.dataframe(
        table[[name for name in ("sample", "label", "cluster", "split") if name in table]],
        hide_index=True,
        height=min(320, 38 + 35 * len(table)),
    )
    file_button("These samples (CSV)", csv(table), "samples.csv")


def _units(units: pd.DataFrame) -> None:
    first = units.iloc[0]
    way = "higher" if first["effect"] > 0 else "lower"
    st.markdown(
        f"Unit {int(first['unit'])} sets them apart most: its mean is {way} by {abs(first['effect']):.1f} standard "
        "deviations."
    )
    st.dataframe(
        units.head(UNITS),
        hide_index=True,
        column_config={
            "unit": st.column_config.NumberColumn("Unit", format="%d"),
            "inside": st.column_config.NumberColumn("Mean here", format="%.3f"),
            "outside": st.column_config.NumberColumn("Mean of the others", format="%.3f"),
            "effect": st.column_config.NumberColumn(
                "Difference (SD)", format="%+.2f", help="In standard deviations within both (Cohen's d)."
            ),
        },
    )


def _has_drivers(run: Run, cluster: int) -> bool:
    return "drivers" in run.manifest.files and cluster in set(resources.table(run.id, "drivers")["cluster"])


def _drivers(run: Run, cluster: int) -> None:
    table = resources.table(run.id, "drivers")
    table = table[table["cluster"] == cluster].drop(columns="cluster")
    first = ", ".join(gene(name) for name in table["gene"].head(5))
    st.markdown(
        f"{first} drive the units of cluster {cluster} most: DeepLIFT of its samples against the mean of all others."
    )
    event = st.dataframe(
        table,
        key=f"drivers-{run.id}-{cluster}",
        hide_index=True,
        height=360,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "rank": st.column_config.NumberColumn("Rank", format="%d"),
            "gene": st.column_config.TextColumn("Gene"),
            "contribution": st.column_config.NumberColumn(
                "Contribution",
                format="%.3g",
                help="Summed over the ten most distinctive units, each in its SD.",
            ),
            "share": st.column_config.NumberColumn(
                "Share", format="percent", help="Of what sets the cluster apart, over all genes."
            ),
            "difference": st.column_config.NumberColumn(
                "Expression here", format="%+.2f", help="Mean of the cluster less that of the others, in SD."
            ),
        },
    )
    with st.container(horizontal=True):
        if st.button("What do these genes do?", icon=":material/function:", key=f"enrich-{run.id}-{cluster}"):
            st.switch_page(PLACES["functions"], query_params={SET: f"{run.id}:{cluster}"})
        file_button("These genes (CSV)", csv(table), f"drivers_{run.id}_{cluster}.csv")
        rows = event["selection"]["rows"]
        if rows and rows[0] < len(table) and resources.runs("rank", train=run.manifest.parents["train"]):
            gene_link(str(table["gene"].iloc[rows[0]]), f"drivers-{run.id}")


def _genes_by_units(run: Run, shown: Shown, units: pd.DataFrame, name: str, disabled: bool) -> None:
    """Show the genes that the units listen to, from a ranking; offer DeepLIFT for the cut shown."""
    rankings = resources.runs("rank", train=run.manifest.parents["train"])
    if rankings:
        best = units.head(UNITS)
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
        name != SELECTED
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
