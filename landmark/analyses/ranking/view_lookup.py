"""Where the genes of a pasted or uploaded list stand in the ranking."""

import pandas as pd
import streamlit as st

from landmark.analyses.ranking.figures import group_profile
from landmark.analyses.ranking.results import RankResults
from landmark.genesets.standing import standing
from landmark.genesets.text import Triage, triage
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.ui.download import csv
from landmark.ui.figure import show
from landmark.ui.genes import names_field
from landmark.wording import counted, escaped, gene

_NAMED = 30
"""So many names that were not found are written out."""

COLUMNS = {
    "rank": st.column_config.NumberColumn("Rank", format="%d", help="1 = most important."),
    "gene": st.column_config.TextColumn("Gene"),
    "score": st.column_config.NumberColumn("Score", format="%.4g"),
    "chosen": st.column_config.CheckboxColumn("In the set", help="Among the first K."),
}


def own_genes(run: Run, ranking: pd.DataFrame, cut: int) -> None:
    """Take a list of genes and show their ranks."""
    with st.expander("Where do my own genes stand?", icon=":material/playlist_add_check:"):
        text = names_field("own")
        if text.strip():
            _answer(run, ranking, cut, triage(text, list(ranking["gene"])))


def _answer(run: Run, ranking: pd.DataFrame, cut: int, sorted_names: Triage) -> None:
    found = standing(ranking, sorted_names.used, cut)
    if found.empty:
        st.warning(
            "None of these names is a gene of this ranking. Check that they are the same kind of identifier."
        )
    else:
        st.markdown(
            f"{counted(len(found), 'gene')} of the list found; "
            f"**{int(found['chosen'].sum()):,} among the top {cut:,}** "
            f"(chance: about {len(found) * cut / len(ranking):.1f}). "
            f"Median rank {found['rank'].median():,.0f} of {len(ranking):,}."
        )
        st.dataframe(found, hide_index=True, height=min(420, 38 + 35 * len(found)), column_config=COLUMNS)
        st.download_button(
            "Their ranks (CSV)",
            csv(found),
            f"own_genes_{run.id}.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    _names("Genes that are not in this dataset", sorted_names.absent)
    _names("Names that are no gene we know of", sorted_names.unknown)


def _names(what: str, names: tuple[str, ...]) -> None:
    if names:
        more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        st.caption(f"{what} ({len(names):,}): {escaped(', '.join(names[:_NAMED]))}{more}.")


def gene_groups(run: Run, name: str) -> None:
    """Show the groups of training samples that a gene sets apart, or say why there are none."""
    found = RankResults.read(run.manifest.metrics)
    if not found.group_label:
        st.caption(f"No contributions by sample group: {escaped(found.groups_missing)}")
        return
    table = resources.table(run.id, "groups")
    shown = table[table["gene"] == name].drop(columns="gene").sort_values("contribution", ascending=False)
    shown = shown.assign(samples=shown["group"].astype(str).map(found.group_sizes))
    first, last = shown.iloc[0], shown.iloc[-1]
    st.markdown(
        f"Of {counted(len(shown), 'group')} of **{escaped(found.group_label)}**, {gene(name)} contributes most in "
        f"{escaped(first['group'])} and least in {escaped(last['group'])}."
    )
    show(group_profile(shown, name), f"groups-{run.id}-{name}", table=shown, name=f"groups_{name}")
    st.caption(
        "Contributions are averaged over the training samples of a group with their signs, then taken without sign and "
        "averaged over units. Long: the gene tells this group from the reference. The mean of few samples is less "
        "certain, which makes it look larger."
    )
