"""What a fitted predictor promises: its figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Number, Results, Table, Text, Truth, Whole


class FitResults(Results):
    """Figures of a fitted predictor. MAE is in standard deviations of the gene, over the training samples."""

    predictor: str = Field(description="Name of the method.")
    set: str = Field(description="Name of the gene set.")
    fingerprint: str = Field(description="Of the genes of the set, by which a fit is found again.")
    size: int = Field(description="Landmark genes.")
    targets: int = Field(description="Target genes.")
    mae: float = Field(description="Mean absolute error on test samples, mean over target genes.")
    pcc: float = Field(description="Pearson correlation on test samples, mean over target genes.")
    significant: int = Field(description="Target genes that pass the permutation test.")
    covariate: str = Field("", description="The annotation that is an input too; empty where there is none.")
    covariate_groups: int | None = Field(
        None, description="Values of the annotation in the training samples."
    )
    covariate_unknown: int | None = Field(
        None, description="Test samples whose value of the annotation no training sample has."
    )
    penalty: float | None = Field(
        None, description="Ridge penalty chosen; of kernel ridge regression the median over target genes."
    )
    width: float | None = Field(None, description="Width of the kernel, in the unit of standardised samples.")
    linear_share: float | None = Field(None, description="Weight of the linear part of the kernel.")
    weight_ridge: float | None = Field(None, description="Mean weight of ridge regression in an ensemble.")
    weight_knn: float | None = Field(None, description="Mean weight of nearest neighbours in an ensemble.")
    weight_kernel: float | None = Field(
        None, description="Mean weight of kernel ridge regression in an ensemble."
    )
    weight_dgex: float | None = Field(None, description="Mean weight of D-GEX in an ensemble.")
    weight_graph: float | None = Field(None, description="Mean weight of the graph network in an ensemble.")
    neighbours: int | None = Field(None, description="Number of neighbours chosen.")
    alpha: float | None = Field(None, description="Penalty of SampleLASSO chosen.")
    mixed_samples: float | None = Field(
        None, description="Training samples with weight in a validation sample, on average; of SampleLASSO."
    )
    epochs: float | None = Field(None, description="Epochs trained.")
    validation_error: float | None = Field(
        None, description="Least error on samples not learned from, as the method measures it."
    )
    validation_rank_correlation: float | None = Field(
        None, description="Highest rank correlation over the target genes of a validation sample, on average."
    )


TABLES: Mapping[str, Table] = {
    "accuracy": Table(
        "One target gene.",
        Text("gene", "Its name."),
        Number("mae", "Mean absolute error over test samples.", "standard deviations"),
        Number("pcc", "Pearson correlation of measured and predicted values."),
        Number("p_value", "Of the permutation test, not corrected for the number of genes."),
        Truth("significant", "Whether p_value is below 0.01."),
    ),
    "set": Table("One landmark gene.", Text("gene", "Its name.")),
    "history": Table(
        "One epoch; of networks alone.",
        Whole("epoch", "Epoch, from 1."),
        Number("train_loss", "Loss on training samples, with dropout."),
        Number("validation_loss", "Loss on validation samples."),
        Number("seconds", "Time of the epoch.", "seconds"),
    ),
}
