"""Genes chosen one after another: answer, curve, table, and why a gene was taken."""

import pandas as pd
import streamlit as st

from landmark.figures.selection import selection_curve
from landmark.genesets.top import top
from landmark.runs.store import Run
from landmark.ui import resources
from landmark.ui.figure import show
from landmark.ui.panels.genes import gene_table
from landmark.ui.panels.sets import downloads
from landmark.ui.panels.words import counted, escaped, gene, percent
from landmark.ui.places import PLACES
from landmark.ui.state import parameter, set_parameter

FORMULA = (
    "Forward selection for ridge regression. With S the genes taken so far, the penalised error of predicting the "
    "target T is tr(T' P T), P = I - S (S'S + penalty)⁻¹ S'. The next gene x is the one for which "
    "|T' P x|² / (x' P x + penalty), by which the error falls, is largest. T holds the autoencoder's reconstruction of "
    "the training samples and their measured values, each weighed as the settings say. Test samples have no say."
)
GENE = "gene"

COLUMNS = {
    "rank": st.column_config.NumberColumn("Taken as", format="%d", help="1 = taken first."),
    "gene": st.column_config.TextColumn("Gene", pinned=True),
    "score": st.column_config.NumberColumn(
        "Added",
        format="%.3f%%",
        help="By how much it lowered the error of prediction, in percent of the whole.",
    ),
    "stands_for": st.column_config.TextColumn(
        "Stands for", width="large", help="The genes whose prediction improved most when it was taken."
    ),
    "given": st.column_config.CheckboxColumn("Given", help="Was in the panel to begin with."),
}


def tables(run: Run) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the chosen genes, first taken first, and the genes each stands for."""
    return resources.table(run.id, "ranking").sort_values("rank"), resources.table(run.id, "companions")


def answer(run: Run, ranking: pd.DataFrame) -> str:
    """Say how much the chosen genes explain, which came first, and what they share with L1000."""
    found = run.manifest.metrics
    first = ", ".join(gene(name) for name in ranking.loc[~ranking["given"], "gene"].head(3))
    parts = [
        f"{counted(len(ranking), 'gene')} explain {percent(float(ranking['score'].sum()))} of the training samples' "
        f"expression; {first} came first."
    ]
    if found["given"]:
        parts.append(f"{counted(int(found['given']), 'gene')} of them were given.")
    if found["l1000_present"]:
        parts.append(
            f"{found['overlap_l1000']:,} are L1000 genes (chance: about {found['overlap_l1000_by_chance']:.0f})."
        )
    if found.get("programs"):
        parts.append(
            f"They hold a driver of {found['programs_reached']:,} of the {found['programs']:,} regulatory programs of "
            "this simulation."
        )
    return " ".join(parts)


def genes_of(run: Run, ranking: pd.DataFrame, companions: pd.DataFrame) -> str:
    """Show the table; return the gene to look at: the picked one, that of the address, or the first."""
    known = companions.groupby("gene", sort=False)["companion"].apply(lambda names: ", ".join(names.head(5)))
    shown = ranking.assign(score=100 * ranking["score"], stands_for=ranking["gene"].map(known).fillna(""))
    order = [name for name in COLUMNS if name != "given" or ranking["given"].any()]
    picked = gene_table(shown, f"selection-{run.id}", COLUMNS, order)
    if picked:
        set_parameter(GENE, picked)
        return picked
    wanted = parameter(GENE, "")
    return wanted if wanted in set(ranking["gene"]) else str(ranking["gene"].iloc[0])


def curve(run: Run, ranking: pd.DataFrame, highlight: str) -> None:
    """Draw what is explained against the number of genes."""
    show(selection_curve(ranking, highlight), f"selection-{run.id}", table=ranking, name="selection")


def why(run: Run, ranking: pd.DataFrame, companions: pd.DataFrame, name: str) -> None:
    """Say what one gene added, and which genes it stands for."""
    row = ranking.loc[ranking["gene"] == name].iloc[0]
    st.subheader(f"Why {gene(name)}?")
    how = "It was given" if row["given"] else f"Taken as number {int(row['rank']):,}"
    st.markdown(
        f"{how}, it lowered the error of prediction by {percent(float(row['score']))}. The genes below are those whose "
        "own expression it explained most of, beyond what the genes before it had explained."
    )
    st.dataframe(
        companions[companions["gene"] == name].assign(explained=lambda table: 100 * table["explained"]),
        hide_index=True,
        column_order=["companion", "explained"],
        column_config={
            "companion": st.column_config.TextColumn("Stands for"),
            "explained": st.column_config.ProgressColumn(
                "Explained of its variance", format="%.1f%%", min_value=0, max_value=100
            ),
        },
    )


def take_away(run: Run, ranking: pd.DataFrame) -> None:
    """Offer the set as files, and the way to its proof."""
    downloads(
        [top(ranking, len(ranking), f"chosen by {run.id}", name=f"G{len(ranking)}")], f"chosen-{run.id}"
    )
    if st.button("Compare with L1000", icon=":material/balance:", key=f"selection-compare-{run.id}"):
        st.switch_page(PLACES["compare"])


def describe(run: Run) -> str:
    """Say what distinguishes a choice from another on the same dataset."""
    made = run.manifest.configuration
    text = f"{run.manifest.metrics['cut']:,} genes, {percent(made['reconstruction'])} reconstruction"
    return f"{text}, from {escaped(made['start'])}" if made["start"] else text
