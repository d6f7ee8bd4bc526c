"""Naming genes, tables to pick one from, and how well one gene is predicted."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from landmark.analyses.train.figures import GENES, gene_accuracy_densities
from landmark.analyses.train.results import TrainResults
from landmark.plots.samples import predicted_against_measured
from landmark.store import predictions
from landmark.store.runs import Run
from landmark.ui import choosing
from landmark.ui.figure import once, show
from landmark.ui.page import PLACES, guarded
from landmark.ui.result_page import PARAMETER, chosen
from landmark.ui.state import parameter, set_parameter
from landmark.ui.tables import pick_row
from landmark.ui.uploads import text_of
from landmark.wording import counted, escaped, gene

GENE = "gene"
"""Name of the gene in the address."""

_LARGEST = 10
"""Largest file of names, in MB."""


def gene_table(table: pd.DataFrame, key: str, columns: Mapping[str, ColumnConfig]) -> str | None:
    """Show a table of genes, one row each, with a search field above it; return the gene whose row is picked.

    ``key`` begins the names of the widgets; ``columns`` come from ``landmark.ui.tables.column_config``.
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
    picked = pick_row(found, columns, f"{key}-table-{wanted}")
    return None if picked is None else str(found["gene"].iloc[picked])


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


SHORTCUTS = 5
PREDICTIONS = "predictions"

FIGURE, BESIDE = 540, 360
"""Widths in pixels: side by side on a wide page, one under the other on a narrow one."""


def densities(run: Run, table: pd.DataFrame) -> None:
    """Draw the densities of both measures over genes; a click on a dot picks that gene."""
    symbol = _asked_gene(table)
    figure = once(lambda: gene_accuracy_densities(table, symbol), "accuracy", run.id, symbol)
    event = show(
        figure,
        f"densities-{run.id}",
        table=table,
        name="reconstruction",
        on_select=True,
        alt="Densities of error and correlation over genes, autoencoder beside principal components",
    )
    st.caption("Every dot below the curves is a gene: click one to see it sample by sample.")
    genes = {number for number, trace in enumerate(figure.data) if trace.meta == GENES}
    points = [p for p in event["selection"]["points"] if p.get("curve_number") in genes]
    pick("densities", str(table["gene"].iloc[points[0]["point_index"]]) if points else None)


def one_gene(run: Run, table: pd.DataFrame, unit: str) -> None:
    """Draw the chosen gene, at first the best restored one, with the ways to others beside it."""
    symbol = _asked_gene(table)
    row = table.loc[table["gene"] == symbol].iloc[0]
    st.subheader(f"One gene: {gene(symbol)}", anchor=False)
    with st.container(horizontal=True, gap="large"):
        with st.container(width=FIGURE):
            drawn = _scatter(run, symbol, row, unit)
        with st.container(width=BESIDE):
            st.markdown(" ".join([_standing(table, row), *_drawn(run, drawn)]))
            _shortcuts(table)


def _scatter(run: Run, symbol: str, row: pd.Series, unit: str) -> int:
    """Draw restored against measured values; return the number of samples drawn."""
    if not predictions.has(run, PREDICTIONS):
        st.info(
            "This network was trained by an older version, which kept no predictions of single genes. Train it again "
            "to see them here."
        )
        return 0
    values = predictions.gene(run, PREDICTIONS, symbol)
    show(
        predicted_against_measured(values, symbol, unit, row["mae_unscaled"], row["pcc"]),
        f"gene-{run.id}",
        table=values,
        name=f"restored_{symbol}",
        alt=f"Restored against measured expression of {symbol}, one dot per held-out sample",
    )
    return len(values)


def _drawn(run: Run, drawn: int) -> list[str]:
    """Say that the dots are fewer than the samples, where they are."""
    measured = TrainResults.read(run.manifest.metrics).measured_samples or drawn
    if not 0 < drawn < measured:
        return []
    return [f"{drawn:,} of {measured:,} held-out samples are drawn; MAE and PCC are those of all of them."]


def _shortcuts(table: pd.DataFrame) -> None:
    """Offer the best and the worst restored genes."""
    ordered = table.dropna(subset=["pcc"]).sort_values("pcc", ascending=False)["gene"]
    for name, genes in (
        ("Best restored", ordered.head(SHORTCUTS)),
        ("Worst restored", ordered[::-1].head(SHORTCUTS)),
    ):
        st.markdown(f"**{name}**")
        with st.container(horizontal=True, gap="small"):
            for symbol in genes:
                st.button(
                    escaped(symbol),
                    key=f"{name}-{symbol}",
                    on_click=guarded()(set_parameter),
                    args=(GENE, str(symbol)),
                    help="Show this gene sample by sample",
                )


def _standing(table: pd.DataFrame, row: pd.Series) -> str:
    """Say where a gene stands among all, and how principal components do on it."""
    if pd.isna(row["pcc"]):
        return "Its measured values do not vary among the held-out samples, so there is no correlation."
    place = int((table["pcc"] > row["pcc"]).sum()) + 1
    known = int(table["pcc"].notna().sum())
    return (
        f"On the dashed line restored equals measured. By correlation it is number {place:,} of "
        f"{counted(known, 'gene')}; principal components reach {row['pcc_pca']:.3f}."
    )


def _asked_gene(table: pd.DataFrame) -> str:
    """Return the gene that the address names, or the best restored one."""
    wanted = parameter(GENE)
    if wanted in set(table["gene"]):
        return wanted
    return str(
        table.loc[table["pcc"].idxmax(), "gene"] if table["pcc"].notna().any() else table["gene"].iloc[0]
    )


def pick(place: str, symbol: str | None) -> None:
    """Take over what was picked in one place of the page, once: picks elsewhere must not be undone by a rerun."""
    key = f"picked in {place}"
    if st.session_state.get(key) != symbol:
        st.session_state[key] = symbol
        if symbol and symbol != parameter(GENE):
            set_parameter(GENE, symbol)
            st.rerun()
