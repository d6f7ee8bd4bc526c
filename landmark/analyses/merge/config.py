"""Which datasets to merge, and how. Imports no numerical library."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from landmark.configuration import Asked, Configuration

JointRanks = Literal["ordinary", "dense"]

JOINT_RANKS = (
    "How equal values of a sample, such as the zeros of RNA-seq, are placed: each at the mean of the quantiles that "
    "they span (ordinary), or by their rank among the distinct values, stretched over all quantiles (dense), as the "
    "public code of D-GEX does (GTEx_reqnorm.py). With many zeros the two differ much: dense puts them at the lowest "
    "value and spreads all others over the whole range."
)


class MergeConfiguration(Configuration):
    """Make one dataset of several, on the genes that all of them measure."""

    datasets: Annotated[tuple[str, ...], Asked(argument=True)] = Field(
        min_length=2,
        max_length=20,
        description="The datasets; the first gives the order of genes and the distribution.",
    )
    title: str = Field("", description="Name of the new dataset; by default those of its parts.")
    collapse: Literal["none", "mean", "most variable"] = Field(
        "none",
        description="Bring every dataset to gene symbols first, by the mean of a gene's probes or by the most variable "
        "one: needed where the datasets name their genes differently.",
    )
    joint: bool = Field(
        False,
        description="Joint quantile normalisation: every sample of the other datasets gets the distribution of the "
        "first dataset, by rank. For data of two platforms or units. The distribution is the mean over the training "
        "samples of the first dataset.",
    )
    joint_ranks: JointRanks = Field("ordinary", description=f"For joint: {JOINT_RANKS}")

    @field_validator("datasets")
    @classmethod
    def _each_once(cls, datasets: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(datasets)) < len(datasets):
            raise ValueError("name each dataset once")
        return datasets
