"""Which model ranks the genes, and how. Imports no numerical library."""

from typing import Literal

from pydantic import Field, model_validator

from landmark.configuration import Configuration, left_open
from landmark.workflows.configuration.names import RunId


class RankConfiguration(Configuration):
    """Score every gene by its contribution to the bottleneck."""

    model: RunId = Field(description="The training run whose encoder is asked.")
    reference: Literal["training mean", "zero", "group mean"] = left_open(
        "training mean",
        "The input that counts as 'nothing': the mean training sample, zero expression, or the mean training "
        "sample of one group, for instance of normal tissue.",
    )
    reference_label: str = Field("", description="Annotation column of the group, for the group mean.")
    reference_group: str = Field("", description="Value of that column: the group whose mean is taken.")
    target: Literal["pre", "post"] = left_open(
        "pre",
        "Attribute to the bottleneck before (pre) or after (post) its sigmoid; the original library: pre.",
    )
    aggregation: Literal["mean_absolute", "absolute_mean"] = left_open(
        "mean_absolute", "Average |contribution| over samples, or take the absolute value of the average."
    )

    @model_validator(mode="after")
    def _group_is_named(self) -> "RankConfiguration":
        if self.reference == "group mean" and not (self.reference_label and self.reference_group):
            raise ValueError(
                "the group mean needs reference_label (a column) and reference_group (its value)"
            )
        if self.reference != "group mean" and (self.reference_label or self.reference_group):
            raise ValueError("reference_label and reference_group have no effect without the group mean")
        return self
