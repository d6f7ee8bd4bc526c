"""Where the genes of a pasted or uploaded list stand in the ranking."""

import pandas as pd
import streamlit as st

from landmark.genesets.standing import standing
from landmark.genesets.text import Triage, triage
from landmark.runs.store import Run
from landmark.ui.download import csv
from landmark.ui.panels.genes import names_field
from landmark.wording import counted, escaped

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
