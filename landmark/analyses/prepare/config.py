"""What to do to a dataset before training. Imports no numerical library."""

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from landmark.analyses.choices import DatasetId
from landmark.configuration import Asked, Configuration, left_open

PREPARED = ", prepared"

NOTHING = {
    "split": "keep",
    "log2": False,
    "outlying": "keep",
    "missing": "refuse",
    "collapse": "none",
    "identical": "keep",
    "quantile": "none",
    "remove_duplicates": False,
}
"""The steps in their order, each with the answer that leaves it out."""


def prepared_title(title: str) -> str:
    """Name a dataset that is prepared from one of this title."""
    return title if title.endswith(PREPARED) else f"{title}{PREPARED}"


class PrepareConfiguration(Configuration):
    """Make a new dataset from one that is there: each step is a choice, the order is that of the fields."""

    dataset: DatasetId = Field(description="The dataset to start from; it stays as it is.")
    title: str = Field(
        "", description="Name of the new dataset; by default that of the old one with 'prepared'."
    )
    split: Literal["keep", "random", "by group"] = Field(
        "keep",
        description="Training and test samples: keep them as they are, draw them anew at random, or draw whole groups "
        "so that, for instance, all samples of a patient stay on one side. This comes first: whatever later steps "
        "learn, they learn from training samples.",
    )
    split_group: Annotated[str, Asked("--group")] = Field(
        "", description="Annotation column of the groups, for a split by group."
    )
    test_groups: Annotated[tuple[str, ...], Asked("--test-group")] = Field(
        (),
        description="For a split by group: the groups that are held out for testing, by name, such as a tissue that "
        "training must not see; empty to draw groups at random.",
    )
    test_group_count: int = Field(
        0,
        ge=0,
        description="For a split by group: a number of groups that are drawn at random and held out, "
        "such as three organs; 0 for as many as come nearest to the share.",
    )
    held_out: float = left_open(
        0.2,
        "Share of the samples held out for testing by a new split. The paper holds out 10% of 111,009; smaller "
        "collections need more for steady figures.",
        gt=0,
        lt=1,
    )
    seed: int = left_open(0, "Seed of the split.", ge=0)
    log2: bool = Field(False, description="Take log2(x + offset): for values that are not logged yet.")
    log2_offset: float = Field(
        1.0,
        ge=0,
        description="Added before the logarithm, so that zeros stay finite; 1 suits counts, TPM and MAS5.",
    )
    outlying: Literal["keep", "nearest", "missing"] = Field(
        "keep",
        description="Outlying values, too extreme to be expression, as corrections of batches leave them: keep them, "
        "give them the nearest ordinary value of their gene, or take them for missing and treat them as the next step "
        "says. What is ordinary is learned from the training samples.",
    )
    outlying_threshold: float = left_open(
        4.0,
        "A value is outlying from so many robust deviations (median absolute deviations, scaled to the standard "
        "deviation of a normal distribution) on, both from the median of its gene and from the largest or smallest "
        "values that samples have.",
        gt=0,
        le=50,
    )
    missing: Literal["refuse", "drop genes", "gene median"] = Field(
        "refuse",
        description="Missing values: refuse them, drop the genes that have any, or fill in the median of the gene. "
        "The median is that of the training samples.",
    )
    collapse: Literal["none", "mean", "most variable"] = Field(
        "none",
        description="Bring probes of one gene together, by their mean (as D-GEX does) or by keeping the most variable "
        "one among the training samples; names become gene symbols.",
    )
    identical: Literal["keep", "keep one", "drop"] = Field(
        "keep",
        description="Genes that have the values of another gene in every sample, as fill values do: keep them, keep "
        "one of each kind, or drop them all. A gene set that holds one of them predicts the others without error.",
    )
    quantile: Literal["none", "4 to 15", "own range"] = Field(
        "none",
        description="Quantile normalisation: give every sample the same distribution, stretched to the paper's range "
        "of 4 to 15, or in the range of the data. The distribution is the mean over the training samples.",
    )
    remove_duplicates: bool = Field(
        False,
        description="Drop every sample that is closer than the distance below to an earlier one, as the paper does: "
        "the same sample under two names would otherwise be in training and test.",
    )
    duplicate_distance: float = left_open(
        1.0, "Euclidean distance over all genes below which two samples are one; 1.0 in D-GEX.", gt=0
    )

    @field_validator("test_groups", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """Take names written with commas, for what the command line gives."""
        if not isinstance(value, str):
            return value
        return tuple(name.strip() for name in value.split(",") if name.strip())

    @property
    def steps(self) -> tuple[str, ...]:
        """Fields of the steps that are asked for, in their order."""
        return tuple(name for name, value in NOTHING.items() if getattr(self, name) != value)

    @model_validator(mode="after")
    def _something_to_do(self) -> "PrepareConfiguration":
        if not self.steps:
            raise ValueError(f"choose at least one step: {', '.join(NOTHING)}")
        if self.outlying == "missing" and self.missing == "refuse":
            raise ValueError(
                "outlying=missing leaves missing values: say what becomes of them, missing=gene median or drop genes"
            )
        if self.split == "by group" and not self.split_group:
            raise ValueError("a split by group needs split_group, the annotation column of the groups")
        if self.split != "by group" and self.split_group:
            raise ValueError("split_group has no effect without split=by group")
        if (self.test_groups or self.test_group_count) and not self.split_group:
            raise ValueError(
                "test_groups needs split_group, the annotation column of the groups; so does test_group_count"
            )
        if self.test_groups and self.test_group_count:
            raise ValueError("test_groups names the groups to hold out; leave test_group_count out")
        return self
