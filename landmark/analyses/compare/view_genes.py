"""Single genes of a comparison: predicted against measured under each set, and a marked group as a list."""

import hashlib
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from landmark.analyses.compare.results import CompareResults
from landmark.analyses.compare.view_pair import Pair
from landmark.plots.colours import set_colours
from landmark.plots.comparison import scatter_genes
from landmark.plots.predicted import predicted_against_measured
from landmark.store import predictions
from landmark.store.lists import StoredList, store_list, stored_lists
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.ui.figure import show
from landmark.ui.gene_detail import GENE, PREDICTIONS, pick
from landmark.ui.page import guarded
from landmark.ui.places import PLACES
from landmark.ui.state import parameter
from landmark.wording import counted, escaped, gene

WIDTH = 420
"""Width of one plot, in pixels: two or three beside each other on a wide page."""
_NAMED = 12


def marked(event: dict, table: pd.DataFrame, pair: Pair, measure: str) -> list[str]:
    """Return the genes that were clicked, or marked by box or lasso, in the scatter of a pair."""
    traces = scatter_genes(table, pair.first, pair.second, measure)
    points = [(point["curve_number"], point["point_index"]) for point in event["selection"]["points"]]
    found = [
        traces[curve][place] for curve, place in points if curve < len(traces) and place < len(traces[curve])
    ]
    return list(dict.fromkeys(found))


def take_over(genes: Sequence[str], run: Run) -> None:
    """Show the gene that was clicked; several marked ones are no single gene."""
    pick(f"comparison {run.id}", genes[0] if len(genes) == 1 else None)


def one_gene(run: Run, table: pd.DataFrame, kinds: dict[str, str], unit: str) -> None:
    """Draw the gene of the address under each set: predicted against measured, one dot per held-out sample."""
    symbol = parameter(GENE)
    if symbol not in set(table["gene"]):
        st.caption("Click a dot, or tick a row of the table below, to see one gene sample by sample.")
        return
    row = table.loc[table["gene"] == symbol].iloc[0]
    names = list(CompareResults.read(run.manifest.metrics).sets)
    colours = set_colours(names, kinds)
    st.subheader(f"One gene: {gene(symbol)}", anchor=False)
    with st.container(horizontal=True):
        for name in names:
            with st.container(width=WIDTH), guarded():
                _under(run, name, symbol, unit, colours[name], row)
    st.caption("On the dashed line the prediction is right. Dots are held-out samples.")


def _under(run: Run, name: str, symbol: str, unit: str, colour: str, row: pd.Series) -> None:
    st.markdown(f"From **{escaped(name)}**")
    fitted = resources.run(run.manifest.parents.get(f"fit {name}", ""))
    if fitted is None or not predictions.has(fitted, PREDICTIONS):
        st.info(
            f"This comparison was made by an older version, which kept no predictions of single genes. Compare "
            f"again to see what {escaped(name)} predicts of {escaped(symbol)}."
        )
        return
    if symbol in set(resources.table(fitted.id, "set")["gene"]):
        st.info(f"{escaped(symbol)} is a gene of {escaped(name)} itself: it is measured, not predicted.")
        return
    values = predictions.gene(fitted, PREDICTIONS, symbol)
    error = float((values["measured"] - values["predicted"]).abs().mean())
    show(
        predicted_against_measured(
            values, symbol, unit, error, float(row[f"pcc_{name}"]), colour, "Predicted"
        ),
        f"gene-{run.id}-{name}",
        table=values,
        name=f"{symbol}_from_{name}",
        alt=f"{symbol} predicted from {name} against measured, one dot per held-out sample",
    )


def marked_list(genes: Sequence[str], run: Run, pair: Pair) -> None:
    """Offer a marked group as a list, and the way to its functions."""
    if len(genes) < 2:
        st.caption(
            "Mark a group of dots with the lasso or the box (top right of the figure) to keep it as a list or to ask "
            "what these genes do."
        )
        return
    more = " and so on" if len(genes) > _NAMED else ""
    st.markdown(f"**{counted(len(genes), 'gene')} marked**: {escaped(', '.join(genes[:_NAMED]))}{more}.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        functions = st.button("What do these genes do?", icon=":material/function:", key="marked-functions")
        keep = st.button("Keep them as a list", icon=":material/playlist_add:", key="marked-keep")
    if functions or keep:
        stored = keep_list(genes, run, pair)
        if functions:
            st.switch_page(PLACES["functions"], query_params={"set": stored.text})
        st.success(f"The list {escaped(stored.name)} is kept. It can be chosen wherever sets are chosen.")


def keep_list(genes: Sequence[str], run: Run, pair: Pair) -> StoredList:
    """Store marked genes under a name that tells them; the same genes are stored once."""
    digest = hashlib.sha256("\n".join(sorted(genes)).encode()).hexdigest()[:6]
    name = f"{len(genes)} genes of {run.id} {digest}"
    known = next((stored for stored in stored_lists(resources.here()) if stored.name == name), None)
    origin = f"marked in the scatter of {pair.first} against {pair.second}, {run.id}"
    return known or store_list(resources.here(), name, genes, origin)
