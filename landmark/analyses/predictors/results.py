"""What a comparison of predictors finds: figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Column, Results, Table


class PredictorResults(Results):
    """Figures of one predictor, means over test samples where nothing else is said."""

    predictor: str = Field(description="Method of prediction.")
    covariate: str = Field(description="Annotation that it is given beside the genes; empty for none.")
    mae: float = Field(description="Mean absolute error over genes, in standard deviations of the gene.")
    pcc: float = Field(description="Mean correlation over genes.")
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


class InferResults(Results):
    """Figures of a comparison of predictors."""

    set: str = Field(description="Name of the gene set.")
    size: int = Field(description="Its genes.")
    targets: int = Field(description="Genes that are inferred.")
    label: str = Field(description="Annotation that groups the samples; empty for none.")
    covariate_unknown: int = Field(description="Test samples whose group no training sample has.")
    identical_genes: int = Field(description="Genes that carry the values of another in every sample.")
    best: str = Field(description="Name of the best predictor.")
    predictors: Mapping[str, PredictorResults] = Field(description="The predictors by name.")


_STANDARD, _DATASET = "standard deviations of the gene", "of the dataset"

_NAME = Column("name", "text", "Name of the predictor; gene means for the mean of each training gene.")

TABLES: Mapping[str, Table] = {
    "overall": Table(
        "One predictor, the best first, and the gene means last.",
        (
            _NAME,
            Column("predictor", "text", "Method of prediction; empty for the gene means."),
            Column("covariate", "text", "Annotation that it is given beside the genes."),
            Column("mae", "number", "Mean absolute error over genes.", _STANDARD),
            Column("pcc", "number", "Mean correlation over genes."),
            Column("sample_MEASURE", "number", "Mean over samples of a measure of the table samples."),
            Column("recalled_95", "whole", "Genes above the 95% quantile of what chance gives."),
            Column("recalled_99", "whole", "Genes above the 99% quantile of what chance gives."),
            Column("seconds", "number", "Time of the fit.", "s"),
        ),
    ),
    "samples": Table(
        "One predictor and a test sample.",
        (
            Column("sample", "text", "Test sample."),
            Column("group", "text", "Its group; empty where nothing groups samples."),
            Column("mae", "number", "Mean absolute error over genes.", _DATASET),
            Column(
                "overall_error", "number", "Euclidean distance of measured and inferred values.", _DATASET
            ),
            Column("pcc", "number", "Pearson correlation over genes."),
            Column("spearman", "number", "Spearman correlation over genes."),
            Column("mae_standardised", "number", "Mean absolute error of standardised values.", _STANDARD),
            Column("pcc_standardised", "number", "Pearson correlation of standardised values."),
            Column("spearman_standardised", "number", "Spearman correlation of standardised values."),
            _NAME,
        ),
    ),
    "recall": Table(
        "One predictor and a level.",
        (
            Column("level", "number", "Quantile of what chance gives."),
            Column("threshold", "number", "Spearman correlation at that quantile."),
            Column("recalled", "whole", "Genes above it."),
            Column("share", "number", "Their share of the genes that vary."),
            _NAME,
        ),
    ),
    "genes": Table(
        "One predictor and a gene.",
        (
            Column("gene", "text", "Inferred gene."),
            Column("mae", "number", "Mean absolute error over test samples.", _STANDARD),
            Column("pcc", "number", "Pearson correlation over test samples."),
            _NAME,
            Column("spearman", "number", "Spearman correlation over test samples."),
            Column("R", "number", "Share of what chance gives that is below it."),
        ),
    ),
    "pairs": Table(
        "Two predictors and a measure.",
        (
            Column("first", "text", "Name of a predictor."),
            Column("second", "text", "Name of the one it is compared with."),
            Column(
                "measure", "text", "mae and pcc over genes, spearman and spearman_standardised over samples."
            ),
            Column("difference", "number", "Mean of first less second."),
            Column("low", "number", "Lower end of its 95% interval over test samples."),
            Column("high", "number", "Upper end of its 95% interval over test samples."),
            Column("won", "number", "Share of genes or samples in which the first is better."),
        ),
    ),
    "set": Table("One gene of the set.", (Column("gene", "text", "Gene, in the order of the set."),)),
}
