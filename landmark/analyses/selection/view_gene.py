"""Why one gene was taken: what it added, which genes it stands for, what the network makes of it, where it is high."""

import pandas as pd
import streamlit as st

from landmark.analyses.choices import FORWARD
from landmark.analyses.ranking import view as paper
from landmark.analyses.ranking.results import RankResults
from landmark.analyses.ranking.view import gene_groups
from landmark.analyses.selection.figures import expression_by_group
from landmark.analyses.selection.results import TABLES
from landmark.analyses.selection.wording import strategy_of, words_of
from landmark.errors import BadData
from landmark.genesets.sources import l1000_present
from landmark.plots.colours import OTHER, UNLABELLED, group_labels
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.figure import show
from landmark.ui.gene_sets import genes_of
from landmark.ui.jobs import follow, job_card, start
from landmark.ui.page import PLACES
from landmark.ui.tables import column_config, show_table
from landmark.wording import counted, escaped, gene, percent

MOST_SAMPLES = 4000
"""Samples read, evenly spaced, where there are more: values of one gene lie far apart in the file."""

MOST_GROUPS = 60


def _gene_expression(dataset: Dataset, name: str, preferred: str = "") -> None:
    """Draw the expression of a gene by groups of samples, and say in which it is highest and lowest."""
    label = _label(dataset, preferred)
    values, step = _values(dataset, name)
    groups = resources.annotations(dataset).loc[values["sample"], label] if label else None
    table = values.assign(group=dataset.manifest.title if groups is None else groups.to_numpy())
    shown = table.assign(group=group_labels(table["group"]).to_numpy())
    named = shown[~shown["group"].isin((OTHER, UNLABELLED))]
    medians = named.groupby("group")["value"].median().sort_values()
    if len(medians) > 1:
        st.markdown(
            f"Its median is highest in {escaped(medians.index[-1])} and lowest in {escaped(medians.index[0])}."
        )
    show(
        expression_by_group(table, name, dataset.manifest.unit),
        f"expression-{dataset.id}-{name}",
        table=table,
        name=f"expression_{name}",
        alt=f"Expression of {name} in every group of samples",
    )
    drawn = counted(len(table), "sample") if step == 1 else f"every {step}th of all samples"
    st.caption(
        f"Measured values of {gene(name)}, {drawn}, training and test. Box: the middle half of a group, with its "
        "median; dotted: the median of all samples."
    )


def _label(dataset: Dataset, preferred: str) -> str:
    """Let the annotation be chosen; empty where there is none."""
    options = [name for name, kinds in dataset.manifest.labels.items() if 2 <= kinds <= MOST_GROUPS]
    if not options:
        return ""
    return str(
        choosing.selectbox(
            "Groups of samples",
            options,
            index=options.index(preferred) if preferred in options else 0,
            key=f"expression-label-{dataset.id}",
            persist_state="session",
            width=320,
        )
    )


@st.cache_data(max_entries=64, show_spinner="Reading the gene", hash_funcs=resources.BY_FOLDER)
def _values(dataset: Dataset, name: str) -> tuple[pd.DataFrame, int]:
    """Read one column: sample and value, and how many samples stand for one."""
    with dataset.opened() as matrix:
        step = -(-matrix.n_obs // MOST_SAMPLES)
        column = matrix.var_names.get_loc(name)
        values = matrix.file["X"][::step, column]
        return pd.DataFrame({"sample": matrix.obs_names[::step].astype(str), "value": values}), step


def models_of(run: Run) -> list[str]:
    """Return the networks that a selection asked, in order."""
    return [name for role, name in run.manifest.parents.items() if role.partition(" ")[0] == "train"]


def _networks(run: Run) -> list[str]:
    """Return the networks that a selection asked, or where it asked none all of the dataset, the newest first."""
    trained = resources.runs("train", dataset=run.manifest.parents["dataset"])
    return models_of(run) or [model.id for model in trained]


def paper_ranking(run: Run) -> Run | None:
    """Return the newest ranking by a network of the selection; where it asked none, by any of the dataset."""
    asked = _networks(run)
    rankings = resources.runs("rank", dataset=run.manifest.parents["dataset"])
    return next((made for made in rankings if made.manifest.parents["train"] in asked), None)


def why(
    run: Run, data: Dataset, ranking: pd.DataFrame, companions: pd.DataFrame, ranked: Run | None, name: str
) -> None:
    """Say why a gene was taken, and show the evidence."""
    row = ranking.loc[ranking["gene"] == name].iloc[0]
    st.subheader(f"Why {gene(name)}?")
    sentences = [_taken(run, row), *_in_the_ranking(ranked, name), *_l1000(data, name)]
    st.markdown(" ".join(sentences))
    stands_for, network, expression = st.tabs(
        ["Stands for", "In the network", "Expression"], key=f"why-{run.id}"
    )
    with stands_for:
        _companions(run, companions, name)
    with network:
        _network(run, ranked, name)
    with expression:
        label = RankResults.read(ranked.manifest.metrics).group_label if ranked else ""
        _gene_expression(data, name, label)


def _taken(run: Run, row: pd.Series) -> str:
    place = "It was given" if row["given"] else f"Taken as number {int(row['rank']):,}"
    strategy = strategy_of(run)
    if strategy in FORWARD:
        return f"{place}, it lowered the error of prediction by {percent(float(row['score']))}."
    if strategy == "random":
        return f"{place}, by chance alone."
    score = words_of(run).added[0]
    named = score if score.startswith("DeepLIFT") else score.lower()
    return f"{place}, with a {named} of {row['score']:.4g}."


def _in_the_ranking(ranked: Run | None, name: str) -> list[str]:
    """Say where the gene stands in the paper's ranking."""
    if ranked is None:
        return []
    table = resources.table(ranked.id, "ranking")
    place = int(table.loc[table["gene"] == name, "rank"].iloc[0])
    return [
        f"The paper's ranking, which scores genes one by one, has it as number {place:,} of {len(table):,}."
    ]


def _l1000(data: Dataset, name: str) -> list[str]:
    try:
        published = l1000_present(genes_of(data), data.manifest.identifier, dgex=True)
    except BadData:  # names of a kind that does not tell
        return []
    return [f"It is {'' if name in published.genes else 'not '}one of the L1000 genes."]


def _companions(run: Run, companions: pd.DataFrame, name: str) -> None:
    own = companions[companions["gene"] == name]
    if own.empty:
        st.caption(
            "This way of choosing looks at every gene by itself and does not know which others a gene stands for."
        )
        return
    st.markdown(
        "The genes whose own expression it explains most of, beyond what the genes before it explained."
    )
    show_table(own, column_config(TABLES["companions"].pick("companion", "explained")))


def _network(run: Run, ranked: Run | None, name: str) -> None:
    """Show to which bottleneck units and in which groups of samples the gene contributes, by DeepLIFT."""
    if ranked is not None:
        paper.contributions_to_units(ranked, paper.table_of(ranked), name)
        gene_groups(ranked, name)
        if st.button(f"See {escaped(name)} in the ranking", icon=":material/genetics:", key="why-ranking"):
            st.switch_page(
                PLACES["ranking"], query_params={"gene": name, "model": ranked.manifest.parents["train"]}
            )
        return
    asked = _networks(run)
    if not asked:
        st.caption(
            "What a gene contributes is asked of a trained network, and there is none on this dataset yet."
        )
        if st.button("Train the network", icon=":material/arrow_forward:", key="why-train"):
            st.switch_page(PLACES["train"])
        return
    st.caption(
        "What this gene contributes to the network's bottleneck is not known yet: the genes have not been ranked."
    )
    job = follow("rank", model=asked[0])
    if job is not None:
        job_card(job.id)
    if st.button(
        "Rank the genes of this network",
        icon=":material/leaderboard:",
        key="why-rank",
        disabled=job is not None and job.active,
        help="DeepLIFT for all genes and samples; takes seconds to minutes.",
    ):
        start("rank", {"model": asked[0]})
