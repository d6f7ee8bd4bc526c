"""A table of genes that can be searched, and from which one gene can be picked."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from landmark.ui.panels.words import counted, escaped
from landmark.ui.places import PLACES

_HEIGHT = 420


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
