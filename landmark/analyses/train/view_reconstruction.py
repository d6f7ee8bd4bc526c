"""What the autoencoder restores, gene by gene (Fig. 2a of the paper)."""

import math

import pandas as pd
import streamlit as st

from landmark.analyses.train.results import TABLES, TrainResults
from landmark.metrics.per_gene import FEWEST
from landmark.results import Text
from landmark.store.runs import Run
from landmark.ui import genes, resources
from landmark.ui.figure import metric
from landmark.ui.genes import gene_link, gene_table, pick
from landmark.ui.result_page import ResultPage, network_needed
from landmark.ui.tables import column_config
from landmark.wording import counted, p_number, percent
from landmark.workflows.notes import no_significance

_FORMULA = (
    "Per gene, over the held-out samples: MAE = mean |x - x'| with x the expression standardised per gene by "
    "the training samples and x' its reconstruction; PCC = Pearson correlation of x and x'. A gene is "
    "significant when fewer than 1 in 100 of the other genes correlate better with its reconstruction than "
    "the gene itself does, or as well (permutation test of Kong et al. 2021); "
    "from fewer than 5 samples none is. PCA is fitted to the same training samples "
    "and keeps as many components as the bottleneck has units."
)

_GENES = TABLES["reconstruction"]
_P = _GENES.column("p_value")
_COLUMNS = column_config(
    _GENES.pick(
        *("gene", "pcc", "mae", "mae_unscaled"),
        Text(_P.name, _P.meaning, heading=_P.title),
        *("significant", "pcc_pca", "mae_pca"),
    )
)


def _answer(run: Run) -> str:
    """Say in one sentence how well genes are restored, and whether PCA does better."""
    found = TrainResults.read(run.manifest.metrics)
    held_out = found.measured_samples or run.manifest.split.get("test", FEWEST)
    if math.isnan(found.reconstruction_pcc):
        return (
            f"How well genes are restored cannot be judged: their correlation over "
            f"{counted(held_out, 'held-out sample')} does not exist. Hold out more samples, and train again."
        )
    difference = found.reconstruction_pcc - found.pca_pcc
    verdict = (
        "as well as" if abs(difference) < 0.005 else "better than" if difference > 0 else "less well than"
    )
    return (
        f"It restores the {found.genes:,} genes of held-out samples with a mean correlation of "
        f"{found.reconstruction_pcc:.3f}, {verdict} principal components of the same size "
        f"({found.pca_pcc:.3f}). {_significant(found, held_out)}"
    )


def _significant(found: TrainResults, held_out: int) -> str:
    share = percent(found.significant_genes / found.genes)
    return no_significance(held_out, found.genes) or f"{share} of the genes are significant."


def _figures(run: Run, table: pd.DataFrame, unit: str) -> None:
    """Show the means, and the paper's beside them in the help."""
    found = TrainResults.read(run.manifest.metrics)
    with st.container(horizontal=True, gap="large"):
        st.metric(
            "Mean correlation (PCC)",
            f"{found.reconstruction_pcc:.3f}",
            f"{found.reconstruction_pcc - found.pca_pcc:+.3f} against PCA",
            help="1 is perfect, 0 is chance. The paper reports 0.7627 on 11,100 held-out GEO profiles.",
            width="content",
        )
        st.metric(
            "Mean absolute error (MAE)",
            f"{found.reconstruction_mae:.3f}",
            f"{found.reconstruction_mae - found.pca_mae:+.3f} against PCA",
            delta_color="inverse",
            help="In standard deviations of each gene; smaller is better. The paper reports 0.2222 without saying "
            "on which scale, so the two cannot be compared.",
            width="content",
        )
        metric(
            "MAE in the data's unit",
            f"{table['mae_unscaled'].mean():.3f}",
            help=f"The unit of this dataset: {unit}.",
        )
        metric(
            "Significant genes",
            f"{found.significant_genes:,}",
            f"of {found.genes:,}",
            help="Restored so that almost no other gene fits better. The paper: 21,696 of 22,268.",
        )


def _all_genes(run: Run, table: pd.DataFrame) -> None:
    """Show every gene, with search; the one whose row is ticked is drawn above."""
    table = table.assign(p_value=["" if pd.isna(p) else p_number(p) for p in table["p_value"]])
    picked = gene_table(table, f"reconstruction-{run.id}", _COLUMNS)
    pick("table", picked)
    gene_link(picked, "reconstruction")


def _basis(run: Run) -> None:
    """Say on which samples it was measured, where these are not all."""
    found, split = TrainResults.read(run.manifest.metrics), run.manifest.split
    parts = [
        f"{count:,} of the {split[part]:,} {name} samples"
        for count, part, name in (
            (found.measured_samples, "test", "held-out"),
            (found.pca_samples, "train", "training"),
        )
        if count is not None and count < split.get(part, 0)
    ]
    if parts:
        st.caption(
            f"Measured on {' and '.join(parts)}, drawn with the seed: the dataset is too large to be held in memory."
        )


def _table_of(run: Run) -> pd.DataFrame:
    """Read the accuracy per gene, the best restored gene first."""
    return resources.table(run.id, "reconstruction").sort_values("pcc", ascending=False)


def _results(run: Run) -> None:
    table, unit = _table_of(run), resources.dataset_of(run).manifest.unit
    genes.densities(run, table)
    _figures(run, table, unit)
    _basis(run)
    genes.one_gene(run, table, unit)
    st.subheader("All genes")
    _all_genes(run, table)


PAGE = ResultPage(
    question="What did the network learn?",
    kind="train",
    needs=network_needed(
        "What it restores of each gene is measured on held-out samples at the end of its training."
    ),
    runs=lambda network: [network],
    pick=lambda runs: runs[0],
    job=lambda network: None,
    answer=_answer,
    sections=(_results,),
    formula=_FORMULA,
)
