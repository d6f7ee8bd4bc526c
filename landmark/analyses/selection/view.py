"""Genes chosen to be measured: answer, curve, table, downloads."""

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from landmark.analyses.selection import view_form, view_gene
from landmark.analyses.selection.figures import score_curve, selection_curve
from landmark.analyses.selection.results import SelectResults
from landmark.analyses.selection.view_elsewhere import elsewhere
from landmark.analyses.selection.wording import FORWARD, strategy_of, words_of
from landmark.analyses.stability import view as repeated
from landmark.genesets.geneset import GeneSet
from landmark.genesets.sources import top
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.ui.figure import show
from landmark.ui.gene_sets import downloads
from landmark.ui.genes import GENE, gene_among, gene_table
from landmark.ui.result_page import ResultPage, dataset_needed
from landmark.ui.state import set_parameter
from landmark.wording import counted, escaped, gene, percent

FEW_COMPANIONS = 5


def tables(run: Run) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the chosen genes, first taken first, and the genes each stands for."""
    return resources.table(run.id, "ranking").sort_values("rank"), resources.table(run.id, "companions")


def answer(run: Run, ranking: pd.DataFrame) -> str:
    """Say how the genes were chosen, which came first, and what they share with L1000."""
    found, strategy = SelectResults.read(run.manifest.metrics), strategy_of(run)
    free = ranking.loc[~ranking["given"], "gene"]
    first = ", ".join(gene(name) for name in free.head(3))
    genes = counted(len(ranking), "gene")
    if strategy in FORWARD:
        share = percent(float(ranking["score"].sum()))
        parts = [
            f"{genes} explain {share} of the training samples' expression; {first or 'none'} came first."
        ]
    elif strategy == "random":
        parts = [f"{genes} drawn at random, to have something to compare with."]
    else:
        parts = [f"{genes}, {words_of(run).title}: {first or 'none'} came first."]
    if found.given:
        parts.append(f"{counted(found.given, 'gene')} of them were given.")
    if found.overlap_l1000 is not None and found.overlap_l1000_by_chance is not None:
        parts.append(
            f"{found.overlap_l1000:,} are L1000 genes (chance: about {found.overlap_l1000_by_chance:.0f})."
        )
    return " ".join([*parts, *programs(run)])


def programs(run: Run) -> list[str]:
    """Say of how many known regulatory programs a driver was chosen; nothing where none is known."""
    found = SelectResults.read(run.manifest.metrics)
    if not found.programs or found.programs_reached is None:
        return []
    text = (
        f"They hold a driver of **{found.programs_reached:,} of the {found.programs:,}** regulatory programs"
    )
    if found.programs_reached_ranking is None:
        return [f"{text} of this simulation."]
    return [
        f"{text} of this simulation; the plain ranking of the same size of {found.programs_reached_ranking:,}."
    ]


def genes_of(run: Run, ranking: pd.DataFrame, companions: pd.DataFrame, paper: Run | None) -> str:
    """Show the table; return the gene to look at: the picked one, that of the address, or the first."""
    ranked = None if paper is None else resources.table(paper.id, "ranking").set_index("gene")["rank"]
    known = companions.groupby("gene", sort=False)["companion"].apply(
        lambda names: ", ".join(names.head(FEW_COMPANIONS))
    )
    forward = strategy_of(run) in FORWARD
    shown = ranking.assign(
        score=100 * ranking["score"] if forward else ranking["score"],
        stands_for=ranking["gene"].map(known).fillna(""),
        deeplift=None if ranked is None else ranking["gene"].map(ranked),
    )
    columns = _columns(run, shown, ranked)
    picked = gene_table(shown, f"selection-{run.id}", columns, list(columns))
    if picked:
        set_parameter(GENE, picked)
        return picked
    return gene_among(list(ranking["gene"]))


def _columns(run: Run, shown: pd.DataFrame, ranked: pd.Series | None) -> dict[str, ColumnConfig]:
    """Describe the columns that say something here."""
    title, text = words_of(run).added
    columns: dict[str, ColumnConfig] = {
        "rank": st.column_config.NumberColumn("Taken as", format="%d", help="1 = taken first."),
        "gene": st.column_config.TextColumn("Gene", pinned=True),
    }
    if title:
        format_ = "%.3f%%" if strategy_of(run) in FORWARD else "%.4g"
        columns["score"] = st.column_config.NumberColumn(title, format=format_, help=text)
    if ranked is not None:
        columns["deeplift"] = st.column_config.NumberColumn(
            "DeepLIFT rank",
            format="%d",
            help=f"Place among all {len(ranked):,} genes in the paper's ranking, which scores genes one by one.",
        )
    if shown["stands_for"].any():
        columns["stands_for"] = st.column_config.TextColumn(
            "Stands for", width="large", help="The genes whose prediction improved most when it was taken."
        )
    if shown["given"].any():
        columns["given"] = st.column_config.CheckboxColumn("Given", help="Was in the panel to begin with.")
    return columns


def curve(run: Run, ranking: pd.DataFrame, highlight: str) -> None:
    """Draw what is explained against the number of genes, or the score of each; nothing for a random choice."""
    strategy = strategy_of(run)
    if strategy == "random":
        return
    figure = (
        selection_curve(ranking, highlight)
        if strategy in FORWARD
        else score_curve(ranking, words_of(run).added[0], highlight)
    )
    show(figure, f"selection-{run.id}", table=ranking, name="selection", alt="Chosen genes in their order")


def gene_set(run: Run, ranking: pd.DataFrame) -> GeneSet:
    """Return the chosen genes as a set."""
    return top(ranking, len(ranking), f"chosen by {run.id}", name=f"G{len(ranking)}")


def take_away(run: Run, ranking: pd.DataFrame) -> None:
    """Offer the set as files."""
    downloads([gene_set(run, ranking)], f"chosen-{run.id}")


def describe(run: Run) -> str:
    """Say what distinguishes a choice from another on the same dataset."""
    made = run.manifest.configuration
    text = f"{SelectResults.read(run.manifest.metrics).cut:,} genes, {words_of(run).title}"
    if strategy_of(run) == "blend":
        text += f", {percent(made['reconstruction'])} reconstruction"
    return f"{text}, from {escaped(made['start'])}" if made["start"] else text


def _results(run: Run) -> None:
    ranking, companions = tables(run)
    dataset = resources.dataset_of(run)
    place = st.container()
    take_away(run, ranking)
    st.subheader("Chosen genes")
    paper = view_gene.paper_ranking(run, resources.runs("train", dataset=dataset.id))
    gene = genes_of(run, ranking, companions, paper)
    with place:
        curve(run, ranking, gene)
    view_gene.why(run, dataset, ranking, companions, paper, gene)


def _form(dataset: Dataset, run: Run | None, busy: bool) -> None:
    view_form.form(dataset, resources.runs("train", dataset=dataset.id), disabled=busy)


PAGE = ResultPage(
    question="Which genes together say most?",
    kind="select",
    needs=dataset_needed(
        "Genes are chosen one after another, each time the one that says most of what is still unexplained."
    ),
    invitation="A ranking scores genes one by one, and its first genes repeat each other. Here every gene is taken for "
    "what the others do not say already.",
    begin=repeated.follow_address,
    answer=lambda run: answer(run, tables(run)[0]),
    sections=(_results, repeated.section, elsewhere),
    shown="Choice shown",
    describe=describe,
    form=_form,
    formula=lambda run: words_of(run).formula,
)
