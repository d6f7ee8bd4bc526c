"""What contributions are measured from. Imports no numerical library."""

from typing import Literal, Self

from pydantic import Field, model_validator

from landmark.configuration import Configuration, left_open


class ReferenceChoice(Configuration):
    """The input that counts as nothing."""

    reference: Literal["training mean", "zero", "group mean"] = left_open(
        "training mean",
        "The input that counts as 'nothing': the mean training sample, zero expression, or the mean training "
        "sample of one group, for instance of normal tissue. The choice decides much: on the GDSC cell lines the "
        "top 467 genes from zero and from the training mean share 16%.",
    )
    reference_label: str = Field("", description="Annotation column of the group, for the group mean.")
    reference_group: str = Field("", description="Value of that column: the group whose mean is taken.")

    @model_validator(mode="after")
    def _group_is_named(self) -> Self:
        if self.reference == "group mean" and not (self.reference_label and self.reference_group):
            raise ValueError(
                "the group mean needs reference_label (a column) and reference_group (its value)"
            )
        if self.reference != "group mean" and (self.reference_label or self.reference_group):
            raise ValueError("reference_label and reference_group have no effect without the group mean")
        return self
