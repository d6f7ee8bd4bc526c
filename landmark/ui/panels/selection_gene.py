"""Why one gene was taken: what it added, which genes it stands for, what the network makes of it, where it is high."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from landmark.analyses.ranking.results import RankResults
from landmark.errors import BadData
from landmark.genesets.sources import l1000_present
from landmark.runs.datasets import Dataset
from landmark.runs.store import Run
from landmark.ui import resources
from landmark.ui.jobcard import follow, job_card
from landmark.ui.jobs import start
from landmark.ui.panels import ranking as paper
from landmark.ui.panels.gene_expression import gene_expression
from landmark.ui.panels.gene_groups import gene_groups
from landmark.ui.panels.selection_words import FORWARD, strategy_of, words_of
from landmark.ui.panels.sets import genes_of
from landmark.ui.places import PLACES
from landmark.wording import escaped, gene, percent


def models_of(run: Run) -> list[str]:
    """Return the networks that a selection asked, in order."""
    return [name for role, name in run.manifest.parents.items() if role.partition(" ")[0] == "train"]


def paper_ranking(run: Run, models: Sequence[Run]) -> Run | None:
    """Return the newest ranking by a network of the selection; where it asked none, by any of the dataset."""
    asked = models_of(run) or [model.id for model in models]
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
        gene_expression(data, name, label)


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
        published = l1000_present(genes_of(data), data.manifest.identifier, dgex=True)  # type: ignore[arg-type]
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
    st.dataframe(
        own.assign(explained=100 * own["explained"]),
        hide_index=True,
        column_order=["companion", "explained"],
        column_config={
            "companion": st.column_config.TextColumn("Stands for"),
            "explained": st.column_config.ProgressColumn(
                "Explained of its variance", format="%.1f%%", min_value=0, max_value=100
            ),
        },
    )


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
    asked = models_of(run) or [
        model.id for model in resources.runs("train", dataset=run.manifest.parents["dataset"])
    ]
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
