"""How to look at the samples of a dataset. Imports no numerical library."""

from pydantic import Field

from landmark.analyses.choices import DatasetId
from landmark.configuration import Configuration


class QualityConfiguration(Configuration):
    """Look at every sample: its distribution, its place among the others, what sets groups apart."""

    dataset: DatasetId = Field(description="The dataset to look at.")
    genes: int = Field(
        2000,
        ge=10,
        le=5000,
        description="Number of most variable genes that principal components and correlations are computed on.",
    )
    components: int = Field(10, ge=2, le=50, description="Number of principal components that are kept.")
    threshold: float = Field(
        5.0,
        gt=0,
        le=50,
        description="A sample is an outlier from so many deviations on (median absolute deviations, scaled to the "
        "standard deviation of a normal distribution).",
    )
    outlying: float = Field(
        4.0,
        gt=0,
        le=50,
        description="A value is outlying from so many such deviations on, both from the median of its gene and from "
        "the largest or smallest values that samples have: then it is too extreme to be expression.",
    )
    shown: int = Field(
        200,
        ge=10,
        le=500,
        description="Most samples in the heat map of correlations; of more, that many are drawn at random.",
    )
    seed: int = Field(
        0, ge=0, description="Seed of the samples drawn for comparison where there are very many."
    )
