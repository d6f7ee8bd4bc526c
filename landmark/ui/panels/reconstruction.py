"""What the autoencoder restores, gene by gene (Fig. 2a of the paper)."""

import pandas as pd
import streamlit as st

from landmark.figures.reconstruction import gene_accuracy_densities
from landmark.runs.store import Run
from landmark.ui import resources
from landmark.ui.figure import show
from landmark.ui.panels.genes import gene_link, gene_table
from landmark.ui.panels.words import percent

FORMULA = (
    "Per gene, over the held-out samples: MAE = mean |x - x'| with x the expression standardised per gene by "
    "the training samples and x' its reconstruction; PCC = Pearson correlation of x and x'. A gene is "
    "significant when fewer than 1 in 100 of the other genes correlate better with its reconstruction than "
    "the gene itself does (permutation test of Kong et al. 2021). PCA is fitted to the same training samples "
    "and keeps as many components as the bottleneck has units."
)

COLUMNS = {
    "gene": st.column_config.TextColumn("Gene", pinned=True),
    "pcc": st.column_config.NumberColumn(
        "PCC", format="%.3f", help="Correlation of measured and restored expression over held-out samples."
    ),
    "mae": st.column_config.NumberColumn(
        "MAE", format="%.3f", help="Mean absolute error in standard deviations of the gene."
    ),
    "mae_unscaled": st.column_config.NumberColumn(
        "MAE, data unit", format="%.3f", help="Mean absolute error in the unit of the dataset."
    ),
    "p_value": st.column_config.NumberColumn("p, permutation test", format="%.4f"),
    "significant": st.column_config.CheckboxColumn("Significant"),
    "pcc_pca": st.column_config.NumberColumn("PCC, PCA", format="%.3f"),
    "mae_pca": st.column_config.NumberColumn("MAE, PCA", format="%.3f"),
}
_SHORT = ["gene", "pcc", "mae", "pcc_pca"]


def answer(run: Run) -> str:
    """Say in one sentence how well genes are restored, and whether PCA does better."""
    found = run.manifest.metrics
    difference = found["reconstruction_pcc"] - found["pca_pcc"]
    verdict = (
        "as well as" if abs(difference) < 0.005 else "better than" if difference > 0 else "less well than"
    )
    return (
        f"It restores the {found['genes']:,} genes of held-out samples with a mean correlation of "
        f"{found['reconstruction_pcc']:.3f}, {verdict} principal components of the same size "
        f"({found['pca_pcc']:.3f}); {percent(found['significant_genes'] / found['genes'])} of the genes are "
        "significant."
    )


def densities(run: Run, table: pd.DataFrame) -> None:
    """Draw the densities of both measures over genes."""
    show(gene_accuracy_densities(table), f"densities-{run.id}", table=table, name="reconstruction")


def figures(run: Run, table: pd.DataFrame, unit: str) -> None:
    """Show the means, and the paper's beside them in the help."""
    found = run.manifest.metrics
    with st.container(horizontal=True, gap="large"):
        st.metric(
            "Mean correlation (PCC)",
            f"{found['reconstruction_pcc']:.3f}",
            f"{found['reconstruction_pcc'] - found['pca_pcc']:+.3f} against PCA",
            help="1 is perfect, 0 is chance. The paper reports 0.7627 on 11,100 held-out GEO profiles.",
            width="content",
        )
        st.metric(
            "Mean absolute error (MAE)",
            f"{found['reconstruction_mae']:.3f}",
            f"{found['reconstruction_mae'] - found['pca_mae']:+.3f} against PCA",
            delta_color="inverse",
            help="In standard deviations of each gene; smaller is better. The paper reports 0.2222 without saying "
            "on which scale, so the two cannot be compared.",
            width="content",
        )
        st.metric(
            "MAE in the data's unit",
            f"{table['mae_unscaled'].mean():.3f}",
            help=f"The unit of this dataset: {unit}.",
            width="content",
        )
        st.metric(
            "Significant genes",
            f"{found['significant_genes']:,}",
            f"of {found['genes']:,}",
            delta_color="off",
            delta_arrow="off",
            help="Restored so that almost no other gene fits better. The paper: 21,696 of 22,268.",
            width="content",
        )


def extremes(table: pd.DataFrame) -> None:
    """Show the ten best and the ten worst restored genes."""
    ordered = table.sort_values("pcc", ascending=False)
    for place, title, part in zip(
        st.columns(2),
        ("Best restored", "Worst restored"),
        (ordered.head(10), ordered.tail(10)[::-1]),
        strict=True,
    ):
        with place:
            st.markdown(f"**{title}**")
            st.dataframe(part, hide_index=True, column_config=COLUMNS, column_order=_SHORT)


def all_genes(run: Run, table: pd.DataFrame) -> None:
    """Show every gene, with search."""
    gene_link(gene_table(table, f"reconstruction-{run.id}", COLUMNS, list(COLUMNS)), "reconstruction")


def table_of(run: Run) -> pd.DataFrame:
    """Read the accuracy per gene, the best restored gene first."""
    return resources.table(run.id, "reconstruction").sort_values("pcc", ascending=False)
