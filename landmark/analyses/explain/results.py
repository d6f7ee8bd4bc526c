"""What explained predictions promise: their figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Column, Results, Table


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
        (
            Column("target", "text", "The target gene."),
            Column("gene", "text", "The landmark gene, or a value of the annotation that is an input."),
            Column("mean_absolute", "number", "Mean |contribution| over samples.", "standard deviations"),
            Column("mean", "number", "Mean contribution over samples.", "standard deviations"),
            Column(
                "slope",
                "number",
                "Rise of the prediction as the landmark gene rises by one standard deviation.",
            ),
        ),
    ),
    "groups": Table(
        "One landmark gene of one target gene in one group of samples.",
        (
            Column("target", "text", "The target gene."),
            Column("gene", "text", "The landmark gene."),
            Column("group", "text", "Value of the annotation."),
            Column("mean", "number", "Mean contribution over the group's samples.", "standard deviations"),
        ),
    ),
    "targets": Table(
        "One target gene: how well it is predicted.",
        (
            Column("gene", "text", "Its name."),
            Column("mae", "number", "Mean absolute error over test samples.", "standard deviations"),
            Column("pcc", "number", "Pearson correlation of measured and predicted values."),
            Column("p_value", "number", "Of the permutation test, not corrected for the number of genes."),
            Column("significant", "truth", "Whether p_value is below 0.01."),
        ),
    ),
}
