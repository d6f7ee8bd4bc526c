"""One gene of the reconstruction: restored against measured, sample by sample."""

import pandas as pd
import streamlit as st

from landmark.analyses.train.figures import GENES, gene_accuracy_densities
from landmark.analyses.train.results import TrainResults
from landmark.plots.samples import predicted_against_measured
from landmark.store import predictions
from landmark.store.runs import Run
from landmark.ui.figure import once, show
from landmark.ui.page import guarded
from landmark.ui.state import parameter, set_parameter
from landmark.wording import counted, escaped, gene

GENE = "gene"
SHORTCUTS = 5
PREDICTIONS = "predictions"

FIGURE, BESIDE = 540, 360
"""Widths in pixels: side by side on a wide page, one under the other on a narrow one."""


def densities(run: Run, table: pd.DataFrame) -> None:
    """Draw the densities of both measures over genes; a click on a dot picks that gene."""
    symbol = chosen(table)
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
    symbol = chosen(table)
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


def chosen(table: pd.DataFrame) -> str:
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
