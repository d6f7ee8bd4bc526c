"""A table with the gene symbol of every name, for matrices whose names are not known here."""

import streamlit as st

from landmark.settings import settings
from landmark.ui import choosing
from landmark.ui.panels.import_source import on_server, uploaded

REST = {"keep": "Keep their names", "leave out": "Leave them out"}


def ask_gene_table(key: str) -> dict[str, str]:
    """Ask for a table of symbols and for what becomes of the rest; nothing where none is given."""
    with st.expander("A table with the gene symbol of every name", icon=":material/translate:"):
        st.caption(
            "For probes of an array that is not known here: without symbols there is no comparison with L1000, and "
            "functions cannot be looked up. Two columns are enough; so is the table of a GEO platform, or the "
            "annotation file of the array's maker (CSV, TSV, Excel)."
        )
        name = f"gene table {key}"
        table = uploaded("The table", name)
        if table is None and settings().folder is not None:
            table = on_server("or one in the server folder", name)
        if table is None:
            return {}
        rest = choosing.radio(
            "Genes without a symbol in it",
            list(REST),
            format_func=REST.__getitem__,
            horizontal=True,
            key=f"{key}-gene-table-rest",
            persist_state="session",
        )
    return {"gene_table": str(table), "gene_table_rest": str(rest)}


def table_of(answers: dict[str, str]) -> dict[str, str]:
    """Give what of these answers changes what is seen in the file."""
    return {"gene_table": answers["gene_table"]} if answers else {}
