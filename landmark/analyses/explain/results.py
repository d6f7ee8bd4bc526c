"""What explained predictions promise: their figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Number, Results, Table, Text, Truth


class ExplainResults(Results):
    """Figures of explained predictions."""

    predictor: str = Field(description="Name of the method that predicts.")
    set: str = Field(description="Name of its gene set.")
    landmarks: int = Field(description="Landmark genes.")
    targets: tuple[str, ...] = Field(description="Target genes, in the order asked for.")
    first: Mapping[str, str] = Field(description="The landmark gene that drives each target gene most.")
    residual_worst: float = Field(
        description="Largest gap of sum-to-delta, as a share of the largest difference."
    )
    residual_mean: float = Field(description="Mean gap of sum-to-delta, as such a share.")
    group_label: str = Field(description="Annotation of the sample groups; empty where there are none.")
    group_sizes: Mapping[str, int] = Field(description="Training samples of each group, the largest first.")
    groups_missing: str = Field(description="Why there are no groups; empty where there are.")


TABLES: Mapping[str, Table] = {
    "contributions": Table(
        "One landmark gene of one target gene, the largest mean_absolute of a target gene first.",
        Text("target", "The target gene."),
        Text(
            "gene", "The landmark gene, or a value of the annotation that is an input.", "", "Landmark gene"
        ),
        Number(
            "mean_absolute",
            "How far this gene moves the prediction in a training sample, on average.",
            "standard deviations of the target gene",
            "Mean |contribution|",
            "%.4f",
        ),
        Number(
            "mean",
            "With signs; where the reference is the mean of the samples, ups and downs cancel.",
            "standard deviations of the target gene",
            "Mean contribution",
            "%+.4f",
        ),
        Number(
            "slope",
            "By how many standard deviations the prediction rises when this gene rises by one.",
            heading="Effect",
            format="%+.4f",
        ),
    ),
    "groups": Table(
        "One landmark gene of one target gene in one group of samples.",
        Text("target", "The target gene."),
        Text("gene", "The landmark gene."),
        Text("group", "Value of the annotation."),
        Number("mean", "Mean contribution over the group's samples.", "standard deviations"),
    ),
    "targets": Table(
        "One target gene: how well it is predicted.",
        Text("gene", "Its name."),
        Number("mae", "Mean absolute error over test samples.", "standard deviations"),
        Number("pcc", "Pearson correlation of measured and predicted values."),
        Number("p_value", "Of the permutation test, not corrected for the number of genes."),
        Truth("significant", "Whether p_value is below 0.01."),
    ),
}
