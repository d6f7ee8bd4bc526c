"""Predictors of a run by names for people, and as rows of a figure."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from landmark.analyses.choices import predictor_name
from landmark.analyses.predictors.figures import Row
from landmark.analyses.predictors.results import InferResults
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.ui.genes import gene_link, gene_table
from landmark.wording import capital


def rows_of(run: Run) -> list[Row]:
    """Return the predictors of a run, the best first."""
    overall = resources.table(run.id, "overall")
    return [
        Row(name, title(run, name), method)
        for name, method in zip(overall["name"], overall["predictor"], strict=True)
        if method
    ]


def title(run: Run, name: str) -> str:
    """Name a predictor of a run for people, with a capital."""
    about = InferResults.read(run.manifest.metrics).predictors.get(name)
    return capital(predictor_name(about.predictor, about.covariate)) if about else "Gene means alone"


def predictor_in(run: Run, name: str) -> str:
    """Name a predictor of a run within a sentence."""
    about = InferResults.read(run.manifest.metrics).predictors[name]
    return predictor_name(about.predictor, about.covariate)


PUBLISHED = (
    "Kim et al. (2025), on 3,176 GTEx samples with 970 landmark genes, report a correlation over the genes of a sample "
    "of 0.985, and of 0.861 for ranks of values freed from each gene's level; with 108 genes chosen greedily their "
    "graph network reaches 0.854, linear regression 0.766, nearest neighbours 0.804, a dense network 0.808. Other data "
    "and other units: no figure here is comparable one to one."
)
_BEST = "background-color: rgba(0, 158, 115, 0.22); font-weight: bold"
_NUMBER = "%.3f"
_COLUMNS: Mapping[str, Any] = {
    "name": st.column_config.TextColumn("Predictor", pinned=True),
    "pcc": st.column_config.NumberColumn(
        "PCC per gene", format=_NUMBER, help="Mean over genes of the correlation over held-out samples."
    ),
    "mae": st.column_config.NumberColumn(
        "MAE per gene", format=_NUMBER, help="Mean absolute error in standard deviations of the gene."
    ),
    "sample_pcc": st.column_config.NumberColumn(
        "PCC per sample", format=_NUMBER, help="Mean over held-out samples of the correlation over genes."
    ),
    "sample_spearman": st.column_config.NumberColumn("Spearman per sample", format=_NUMBER),
    "sample_pcc_standardised": st.column_config.NumberColumn(
        "PCC beyond means", format=_NUMBER, help="Per sample, of values standardised per gene."
    ),
    "sample_spearman_standardised": st.column_config.NumberColumn(
        "Spearman beyond means", format=_NUMBER, help="Per sample, of values standardised per gene."
    ),
    "sample_overall_error": st.column_config.NumberColumn(
        "Overall error",
        format="%.2f",
        help="Mean Euclidean distance of measured and inferred values of a sample.",
    ),
    "recalled_95": st.column_config.NumberColumn("Genes with R > 0.95", format="localized"),
    "recalled_99": st.column_config.NumberColumn("Genes with R > 0.99", format="localized"),
    "seconds": st.column_config.NumberColumn(
        "Seconds", format="%.1f", help="That the fit took, with reading the data and testing."
    ),
}


def overall(run: Run) -> None:
    """Show every predictor in one row, the best of each column marked, and the differences with intervals."""
    st.subheader("All predictors")
    table = resources.table(run.id, "overall")
    shown = table.assign(name=[title(run, name) for name in table["name"]])[list(_COLUMNS)]
    lower = ["mae", "sample_overall_error"]
    higher = [name for name in _COLUMNS if name not in ("name", "seconds", *lower)]
    style = shown.style.highlight_max(subset=higher, props=_BEST).highlight_min(subset=lower, props=_BEST)
    st.dataframe(style, hide_index=True, column_config=_COLUMNS)
    st.caption(f"Marked: the best of each column. {PUBLISHED}")
    if len(pairs := resources.table(run.id, "pairs")):
        _pairs(run, pairs)


def _pairs(run: Run, pairs: pd.DataFrame) -> None:
    names = {
        "pcc": "Correlation per gene",
        "mae": "Error per gene",
        "spearman": "Rank correlation per sample",
        "spearman_standardised": "The same, beyond gene means",
    }
    shown = pd.DataFrame(
        {
            "pair": [
                f"{title(run, first)} less {predictor_in(run, second)}"
                for first, second in zip(pairs["first"], pairs["second"], strict=True)
            ],
            "measure": pairs["measure"].map(names),
            "difference": pairs["difference"],
            "interval": [
                f"{low:+.4f} to {high:+.4f}" for low, high in zip(pairs["low"], pairs["high"], strict=True)
            ],
            "clear": (pairs["low"] > 0) | (pairs["high"] < 0),
            "won": 100 * pairs["won"],
        }
    )
    with st.expander("Differences, each with its interval", icon=":material/compare_arrows:"):
        st.dataframe(
            shown,
            hide_index=True,
            column_config={
                "pair": st.column_config.TextColumn("First less second", width="large"),
                "measure": st.column_config.TextColumn("Measure"),
                "difference": st.column_config.NumberColumn("Mean difference", format="%+.4f"),
                "interval": st.column_config.TextColumn(
                    "95% interval", help="When the held-out samples are drawn again 1,000 times."
                ),
                "clear": st.column_config.CheckboxColumn("Clear", help="The interval does not hold 0."),
                "won": st.column_config.NumberColumn(
                    "First better", format="%.1f%%", help="Share of the genes or of the samples."
                ),
            },
        )


def genes(run: Run) -> None:
    """Show every target gene under each predictor, with search."""
    table = resources.table(run.id, "genes")
    wide = table.pivot(index="gene", columns="name", values=["pcc", "R"])
    names = [row.name for row in rows_of(run)]
    flat = pd.DataFrame({f"{value} {name}": wide[value, name] for name in names for value in ("pcc", "R")})
    columns: dict[str, Any] = {"gene": st.column_config.TextColumn("Gene", pinned=True)}
    for name in names:
        columns[f"pcc {name}"] = st.column_config.NumberColumn(f"PCC, {title(run, name)}", format="%.3f")
        columns[f"R {name}"] = st.column_config.NumberColumn(
            f"R, {title(run, name)}",
            format="%.3f",
            help="Recall: the share of what chance gives that is lower.",
        )
    st.subheader("All target genes")
    order = flat[f"pcc {names[0]}"].sort_values(ascending=False).index
    gene_link(
        gene_table(flat.loc[order].reset_index(), f"predictors-{run.id}", columns, list(columns)),
        "predictors",
    )
