"""What a comparison of predictors finds: figures and tables."""

from collections.abc import Mapping
from dataclasses import replace

from pydantic import Field

from landmark.results import Number, Results, Table, Text, Whole


class PredictorResults(Results):
    """Figures of one predictor, means over test samples where nothing else is said."""

    predictor: str = Field(description="Method of prediction.")
    covariate: str = Field(description="Annotation that it is given beside the genes; empty for none.")
    mae: float = Field(description="Mean absolute error over genes, in standard deviations of the gene.")
    pcc: float = Field(description="Mean correlation over genes.")
    pcc_within: float | None = Field(
        None, description="Mean over genes of the correlation within groups of test samples."
    )
    sample_mae: float = Field(description="Mean absolute error, in the unit of the dataset.")
    sample_overall_error: float = Field(description="Euclidean distance, in the unit of the dataset.")
    sample_pcc: float = Field(description="Pearson correlation over the genes of a sample.")
    sample_spearman: float = Field(description="Spearman correlation over the genes of a sample.")
    sample_mae_standardised: float = Field(description="Mean absolute error of standardised values.")
    sample_pcc_standardised: float = Field(description="Pearson correlation of standardised values.")
    sample_spearman_standardised: float = Field(description="Spearman correlation of standardised values.")
    recalled_95: int = Field(description="Genes above the 95% quantile of what chance gives.")
    recalled_99: int = Field(description="Genes above the 99% quantile of what chance gives.")
    seconds: float = Field(description="Time of the fit, in seconds.")


class PredictorsResults(Results):
    """Figures of a comparison of predictors."""

    set: str = Field(description="Name of the gene set.")
    size: int = Field(description="Its genes.")
    targets: int = Field(description="Genes that are inferred.")
    label: str = Field(description="Annotation that groups the samples; empty for none.")
    within_label: str | None = Field(None, description="Annotation within whose groups genes are correlated.")
    covariate_unknown: int = Field(description="Test samples whose group no training sample has.")
    identical_genes: int = Field(description="Genes that carry the values of another in every sample.")
    best: str = Field(description="Name of the best predictor.")
    predictors: Mapping[str, PredictorResults] = Field(description="The predictors by name.")


_STANDARD, _DATASET = "standard deviations of the gene", "the unit of the dataset"

_NAME = Text("name", "Name of the predictor; gene means for the mean of each training gene.", "", "Predictor")
_OF_SAMPLES = (
    Number("mae", "Mean absolute error over genes.", _DATASET, "MAE per sample"),
    Number("overall_error", "Euclidean distance of measured and inferred values.", _DATASET, format="%.2f"),
    Number("pcc", "Pearson correlation over genes.", "", "PCC per sample"),
    Number("spearman", "Spearman correlation over genes.", "", "Spearman per sample"),
    *(
        Number(f"{name}_standardised", f"{meaning} of values standardised per gene.", unit, heading)
        for name, meaning, unit, heading in (
            ("mae", "Mean absolute error", _STANDARD, "MAE beyond means"),
            ("pcc", "Pearson correlation", "", "PCC beyond means"),
            ("spearman", "Spearman correlation", "", "Spearman beyond means"),
        )
    ),
)
"""Measures of one sample, over its inferred genes."""

TABLES: Mapping[str, Table] = {
    "overall": Table(
        "One predictor, the best first, and the gene means last.",
        _NAME,
        Text("predictor", "Method of prediction; empty for the gene means."),
        Text("covariate", "Annotation that it is given beside the genes."),
        Number("mae", "Mean absolute error over genes.", _STANDARD, "MAE per gene"),
        Number("pcc", "Mean over genes of the correlation over held-out samples.", "", "PCC per gene"),
        Number(
            "pcc_within",
            "Mean over genes of the correlation within each group of held-out samples, such as a tissue, averaged over "
            "groups by their samples. Differences between groups often carry most of the plain correlation; this is "
            "what is known beyond them.",
            "",
            "PCC per gene, within groups",
            optional=True,
        ),
        *(
            replace(
                column, name=f"sample_{column.name}", meaning=f"{column.meaning[:-1]}, mean over samples."
            )
            for column in _OF_SAMPLES
        ),
        *(
            Whole(
                f"recalled_{level}",
                f"Genes above the {level}% quantile of what chance gives.",
                heading=f"Genes with R > 0.{level}",
            )
            for level in (95, 99)
        ),
        Number("seconds", "Time of the fit, with reading the data and testing.", "seconds", format="%.1f"),
    ),
    "samples": Table(
        "One predictor and a test sample.",
        Text("sample", "Test sample."),
        Text("group", "Its group; empty where nothing groups samples."),
        *_OF_SAMPLES,
        _NAME,
    ),
    "recall": Table(
        "One predictor and a level.",
        Number("level", "Quantile of what chance gives."),
        Number("threshold", "Spearman correlation at that quantile."),
        Whole("recalled", "Genes above it."),
        Number("share", "Their share of the genes that vary."),
        _NAME,
    ),
    "genes": Table(
        "One predictor and a gene.",
        Text("gene", "Inferred gene."),
        Number("mae", "Mean absolute error over test samples.", _STANDARD),
        Number("pcc", "Pearson correlation over test samples."),
        _NAME,
        Number("spearman", "Spearman correlation over test samples."),
        Number("R", "Recall: the share of what chance gives that is lower."),
    ),
    "pairs": Table(
        "Two predictors and a measure.",
        Text("first", "Name of a predictor."),
        Text("second", "Name of the one it is compared with."),
        Text("measure", "mae and pcc over genes, spearman and spearman_standardised over samples."),
        Number("difference", "Mean of first less second.", "", "Mean difference", "%+.4f"),
        Number("low", "Lower end of its 95% interval over test samples."),
        Number("high", "Upper end of its 95% interval over test samples."),
        Number(
            "won", "Share of genes or samples in which the first is better.", "", "First better", "percent"
        ),
    ),
    "set": Table("One gene of the set.", Text("gene", "Gene, in the order of the set.")),
}
