"""Genes chosen together: the form, and the chosen genes."""

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from landmark.analyses.choices import CHECKED, FORWARD, NEED_MODELS
from landmark.analyses.selection import view_gene
from landmark.analyses.selection.config import SelectConfiguration
from landmark.analyses.selection.figures import score_curve, selection_curve
from landmark.analyses.selection.results import TABLES, SelectResults
from landmark.analyses.selection.view_elsewhere import elsewhere
from landmark.analyses.selection.wording import STRATEGIES, strategy_of, words_of
from landmark.analyses.stability import view as repeated
from landmark.genesets.sources import top
from landmark.genesets.text import triage
from landmark.results import Number, Text, Whole
from landmark.store.datasets import Dataset
from landmark.store.lists import stored_lists
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.figure import show
from landmark.ui.gene_set_choice import told_apart
from landmark.ui.gene_sets import downloads, genes_of, show_triage
from landmark.ui.genes import GENE, gene_among, gene_table
from landmark.ui.predictor_choice import choose_annotation
from landmark.ui.result_page import ResultPage, dataset_needed
from landmark.ui.run_form import Chosen, RunForm, Widget
from landmark.ui.state import set_parameter
from landmark.ui.tables import column_config
from landmark.wording import counted, escaped, gene, percent

HELP = """
- **Gene by gene** takes after every gene the one that adds most to the genes before it. Either the one after which
  samples are predicted best that were left out, one after another, so that noise earns nothing; or the one that
  explains most of what is unexplained: of the expression as a trained network restores it, as it was measured, or of
  both. Seconds to minutes.
- **As L1000 was made** (Subramanian et al. 2017): genes are clustered, and one is taken from each cluster. Seconds.
- **geneBasis** (Missarova et al. 2021) takes after every gene the one that the nearest samples, by the genes before it,
  predict worst. Minutes.
- **Principal components** (Jolliffe 1972): one gene for each, the one with the largest loading. Seconds.
- **Concrete autoencoder** (Abid, Balin and Zou 2019): a network learns which genes restore all others. Minutes to
  hours.
- **The paper’s ranking**, **the most variable genes** and **at random** do not ask what genes share. They are here to
  compare with.
"""


def _strategy(dataset: Dataset, key: str, chosen: Chosen) -> dict[str, Any]:
    strategy = choosing.selectbox(
        "How to choose",
        list(STRATEGIES),
        format_func=lambda name: STRATEGIES[name].offer,
        key=f"{key}-strategy",
        persist_state="session",
        help=HELP,
    )
    return {"strategy": strategy}


def _start(dataset: Dataset, key: str, chosen: Chosen) -> dict[str, Any]:
    """Let a panel be chosen that is to be extended."""
    known = {"": "nothing", "L1000": "L1000"} | {
        stored.text: stored.name for stored in stored_lists(resources.here())
    }
    start = choosing.selectbox(
        "Start from",
        known,
        key=f"{key}-start-{dataset.id}",
        persist_state="session",
        help="A panel to extend: its genes stay, others are added. Lists of your own are made on the page of "
        "gene sets.",
    )
    return {"start": start}


def _models(dataset: Dataset, key: str, chosen: Chosen) -> dict[str, Any]:
    known = {run.id: told_apart(run) for run in resources.runs("train", dataset=dataset.id)}
    if not known or not _asks_networks(chosen):
        return {"models": []}
    models = choosing.multiselect(
        "Networks",
        known,
        default=list(known)[:1],
        key=f"{key}-models-{dataset.id}",
        persist_state="session",
        help="They are asked what they restore of each sample, or how genes rank. Several seeds make the choice "
        "steadier.",
    )
    return {"models": models}


def _asks_networks(chosen: Chosen) -> bool:
    return chosen["strategy"] in NEED_MODELS


def _label(dataset: Dataset, key: str, chosen: Chosen) -> dict[str, Any]:
    help = SelectConfiguration.model_fields["label"].description
    return {"label": choose_annotation(dataset, "Groups of samples to keep apart", f"{key}-label", help)}


def _genes(name: str, label: str) -> Widget:
    """Take names of genes, and show what became of them."""

    def draw(dataset: Dataset, key: str, chosen: Chosen) -> dict[str, Any]:
        text = st.text_area(
            label,
            key=f"{key}-{name}",
            persist_state="session",
            placeholder="TP53, EGFR, MYC",
            help=SelectConfiguration.model_fields[name].description,
            height=68,
        )
        if not text.strip():
            return {name: []}
        found = triage(text, genes_of(dataset), identifier=dataset.manifest.identifier)
        if found.absent or found.unknown:
            show_triage(found)
        return {name: list(found.used)}

    return draw


def _networks_there(dataset: Dataset, chosen: Chosen) -> bool:
    lacking = _asks_networks(chosen) and not chosen["models"]
    if lacking:
        st.warning("This way of choosing asks a trained network. Choose one, or another way.")
    return not lacking


FORM = RunForm(
    kind="select",
    rows=("strategy", ("size", "start"), "label", "models"),
    more=("contain", "never", "label_weight", "reconstruction", "penalty", "check", "seed", "concrete"),
    fold="Conditions and more settings",
    labels={
        "concrete": "Concrete autoencoder",
        "size": "Genes (0: as many as L1000 has here)",
        "label_weight": "Share of the groups in what is to be predicted",
        "reconstruction": "Share of the reconstruction",
        "penalty": "Penalty per training sample",
        "check": "Check the choice on training samples that are held out",
    },
    widgets={
        "strategy": _strategy,
        "start": _start,
        "label": _label,
        "models": _models,
        "contain": _genes("contain", "Must contain"),
        "never": _genes("never", "Must not contain"),
    },
    when={
        "label": lambda chosen: chosen["strategy"] == "left_out",
        "label_weight": lambda chosen: bool(chosen.get("label")),
        "reconstruction": lambda chosen: chosen["strategy"] == "blend",
        "penalty": lambda chosen: chosen["strategy"] in FORWARD,
        "check": lambda chosen: chosen["strategy"] in CHECKED,
        "concrete": lambda chosen: chosen["strategy"] == "concrete",
    },
    beside=_networks_there,
    button="Choose genes",
    icon="checklist",
)


FEW_COMPANIONS = 5


def _ranking(run: Run) -> pd.DataFrame:
    """Return the chosen genes, first taken first."""
    return resources.table(run.id, "ranking").sort_values("rank")


def _answer(run: Run) -> str:
    """Say how the genes were chosen, which came first, and what they share with L1000."""
    found, strategy, ranking = SelectResults.read(run.manifest.metrics), strategy_of(run), _ranking(run)
    free = ranking.loc[~ranking["given"], "gene"]
    first = ", ".join(gene(name) for name in free.head(3))
    genes = counted(len(ranking), "gene")
    if found.label:
        genes += f", chosen to keep the groups of {escaped(found.label)} apart as well,"
    if found.left_out_error is not None:
        share = percent(max(0.0, 1 - found.left_out_error))
        parts = [
            f"{genes} predict {share} of the variance of all others in samples that were left out, one after another; "
            f"{first or 'none'} came first."
        ]
    elif strategy in FORWARD:
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
    return " ".join([*parts, *_programs(found)])


def _programs(found: SelectResults) -> list[str]:
    """Say of how many known regulatory programs a driver was chosen; nothing where none is known."""
    if not found.programs or found.programs_reached is None:
        return []
    reached = f"**{found.programs_reached:,} of the {found.programs:,}** regulatory programs"
    text = f"They hold a driver of {reached} of this simulation"
    ranking = found.programs_reached_ranking
    return [f"{text}." if ranking is None else f"{text}; the plain ranking of the same size of {ranking:,}."]


def _shown_gene(run: Run, ranking: pd.DataFrame, companions: pd.DataFrame, paper: Run | None) -> str:
    """Show the table; return the gene to look at: the picked one, that of the address, or the first."""
    ranked = None if paper is None else resources.table(paper.id, "ranking").set_index("gene")["rank"]
    known = companions.groupby("gene", sort=False)["companion"].apply(
        lambda names: ", ".join(names.head(FEW_COMPANIONS))
    )
    shown = ranking.assign(
        stands_for=ranking["gene"].map(known).fillna(""),
        deeplift=None if ranked is None else ranking["gene"].map(ranked),
    )
    picked = gene_table(shown, f"selection-{run.id}", _columns(run, shown, ranked))
    if picked:
        set_parameter(GENE, picked)
        return picked
    return gene_among(list(ranking["gene"]))


def _columns(run: Run, shown: pd.DataFrame, ranked: pd.Series | None) -> dict[str, ColumnConfig]:
    """Describe the columns that say something here."""
    title, text = words_of(run).added
    table = TABLES["ranking"]
    columns = [table.column("rank"), table.column("gene")]
    if title:
        written = "percent" if strategy_of(run) in FORWARD else "%.4g"
        columns.append(Number("score", text, "", title, written))
    if ranked is not None:
        place = (
            f"Place among all {len(ranked):,} genes in the paper's ranking, which scores genes one by one."
        )
        columns.append(Whole("deeplift", place, "", "DeepLIFT rank"))
    if shown["stands_for"].any():
        improved = "The genes whose prediction improved most when it was taken."
        columns.append(Text("stands_for", improved))
    if shown["given"].any():
        columns.append(table.column("given"))
    return column_config(table.pick(*columns), widths={"stands_for": "large"})


def _curve(run: Run, ranking: pd.DataFrame, highlight: str) -> None:
    """Draw what is explained against the number of genes, or the score of each; nothing for a random choice."""
    strategy, label = strategy_of(run), SelectResults.read(run.manifest.metrics).label
    if strategy != "random":
        figure = (
            selection_curve(ranking, highlight, left_out=strategy == "left_out", groups=bool(label))
            if strategy in FORWARD
            else score_curve(ranking, words_of(run).added[0], highlight)
        )
        show(figure, f"selection-{run.id}", ranking, "selection", alt="Chosen genes in their order")


def _describe(run: Run) -> str:
    """Say what distinguishes a choice from another on the same dataset."""
    made = run.manifest.configuration
    text = f"{SelectResults.read(run.manifest.metrics).cut:,} genes, {words_of(run).title}"
    if strategy_of(run) == "blend":
        text += f", {percent(made['reconstruction'])} reconstruction"
    if made.get("label"):
        text += f", {escaped(made['label'])} kept apart"
    return f"{text}, from {escaped(made['start'])}" if made["start"] else text


def _results(run: Run) -> None:
    ranking, companions = _ranking(run), resources.table(run.id, "companions")
    dataset = resources.dataset_of(run)
    place = st.container()
    size = len(ranking)
    downloads([top(ranking, size, f"chosen by {run.id}", name=f"G{size}")], f"chosen-{run.id}")
    st.subheader("Chosen genes")
    paper = view_gene.paper_ranking(run)
    gene = _shown_gene(run, ranking, companions, paper)
    with place:
        _curve(run, ranking, gene)
    view_gene.why(run, dataset, ranking, companions, paper, gene)


PAGE = ResultPage(
    question="Which genes together say most?",
    kind="select",
    needs=dataset_needed(
        "Genes are chosen one after another, each time the one that says most of what is still unexplained."
    ),
    invitation="A ranking scores genes one by one, and its first genes repeat each other. Here every gene is taken for "
    "what the others do not say already.",
    begin=repeated.follow_address,
    answer=_answer,
    sections=(_results, repeated.section, elsewhere),
    shown="Choice shown",
    describe=_describe,
    form=lambda data, run, busy: FORM.draw(data, busy),
    formula=lambda run: words_of(run).formula,
)
