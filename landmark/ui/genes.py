"""Genes on pages: a table to search and pick from, names to paste or upload, the gene that the address names."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from landmark.store.runs import Run
from landmark.ui import choosing
from landmark.ui.places import PLACES
from landmark.ui.run_choice import PARAMETER, chosen
from landmark.ui.state import parameter, set_parameter
from landmark.ui.uploads import text_of
from landmark.wording import counted, escaped

GENE = "gene"
"""Name of the gene in the address."""

_HEIGHT = 420
_LARGEST = 10
"""Largest file of names, in MB."""


def gene_table(
    table: pd.DataFrame, key: str, columns: Mapping[str, ColumnConfig], order: list[str] | None = None
) -> str | None:
    """Show a table of genes with a search field above it.

    Parameters
    ----------
    table
        One row per gene; column ``gene``.
    key
        Name of the widgets, unique on the page.
    columns
        Streamlit's column configuration by column name.
    order
        Columns to show, in order; all by default.

    Returns
    -------
    str or None
        The gene whose row is picked.
    """
    wanted = st.text_input(
        "Search genes",
        key=f"{key}-search",
        placeholder="Part of a name, or several names: TP53 MYC",
        icon=":material/search:",
    )
    found = search(table, wanted).reset_index(drop=True)
    if found.empty:
        st.info("No gene of this table has such a name. Check the spelling, or clear the search.")
        return None
    st.caption(f"{counted(len(found), 'gene')} of {len(table):,}. Tick a row to see that gene.")
    event = st.dataframe(
        found,
        key=f"{key}-table-{wanted}",
        hide_index=True,
        height=min(_HEIGHT, 38 + 35 * len(found)),
        column_config=columns,
        column_order=order,
        on_select="rerun",
        selection_mode="single-row",
    )
    picked = event["selection"]["rows"]
    return str(found["gene"].iloc[picked[0]]) if picked and picked[0] < len(found) else None


def search(table: pd.DataFrame, wanted: str) -> pd.DataFrame:
    """Keep the genes that the search names: by a part of the name, or by several whole names."""
    names = [name.casefold() for name in wanted.replace(",", " ").replace(";", " ").split()]
    genes = table["gene"].astype(str).str.casefold()
    if not names:
        return table
    if len(names) == 1:
        return table[genes.str.contains(names[0], regex=False)]
    return table[genes.isin(names)]


def gene_link(picked: str | None, key: str) -> None:
    """Offer the way from a picked gene to its own view on the page of the ranking."""
    if picked and st.button(
        f"See {escaped(picked)} in the ranking", icon=":material/genetics:", key=f"{key}-link"
    ):
        st.switch_page(PLACES["ranking"], query_params={"gene": picked})


def names_field(key: str, label: str = "Genes", persist: Literal["session"] | None = None) -> str:
    """Take gene names from a field and a text file."""
    text = st.text_area(
        label,
        key=f"{key}-genes",
        persist_state=persist,
        placeholder="TP53, EGFR, MYC",
        help="Names between commas, blanks or line breaks, or the lines of a GMT file.",
    )
    file = st.file_uploader(
        "Or a text file with genes",
        type=["txt", "csv", "tsv", "gmt", "grp"],
        max_upload_size=_LARGEST,
        key=f"{key}-file",
    )
    return text + ("\n" + text_of(file, _LARGEST) if file is not None else "")


def explanation(runs: Sequence[Run], genes_of: Callable[[Run], Sequence[str]]) -> Run | None:
    """Return the run that the address names, else the newest that explains the gene of the address, else the newest."""
    wanted = parameter(GENE, "")
    if wanted and not any(run.id == parameter(PARAMETER, "") for run in runs):
        runs = [run for run in runs if wanted in genes_of(run)]
    return chosen(runs)


def gene_among(names: Sequence[str]) -> str:
    """Return the gene that the address names, or the first."""
    wanted = parameter(GENE, "")
    return wanted if wanted in names else names[0]


def choose_gene(label: str, names: Sequence[str], current: str, key: str) -> None:
    """Offer the other genes, where there are any; a choice goes into the address."""
    if len(names) < 2:
        return
    widget = f"{key}-{current}"
    choosing.selectbox(
        label,
        names,
        index=names.index(current),
        key=widget,
        on_change=lambda: set_parameter(GENE, st.session_state[widget]),
        width=320,
    )
