"""Which gene sets to compare, and how. Imports no numerical library."""

from typing import Annotated, Literal

from pydantic import Field

from landmark.analyses.choices import BesideChance, CovariateChoice, DatasetId, GeneSetRef
from landmark.configuration import Asked, left_open, stated


class CompareConfiguration(BesideChance, CovariateChoice):
    """Ask which gene set predicts the other genes better."""

    dataset: DatasetId = Field(description="The dataset to compare on.")
    sets: Annotated[tuple[GeneSetRef, ...], Asked("--set", said=True)] = Field(
        ("L1000",),
        min_length=1,
        max_length=6,
        description="Sets: L1000, variable, <ranking run>:<number of genes>, or list:<file>.",
    )
    targets: Literal["common", "own", "all"] = stated(
        "common",
        "Genes that are predicted: those in none of the sets, those outside each set, or all.",
        "Kong 2021, Results (common targets)",
    )
    strict: bool = Field(
        True,
        description="Leave out targets that another probe of a set measures; off, they stay, as in D-GEX. Matters for "
        "probes only.",
    )
    label: str = Field(
        "",
        description="Annotation, such as tissue, within whose groups of test samples correlations are measured too; "
        "empty for the one that tells most of the samples.",
    )
    same_size: bool = Field(True, description="Cut all sets to the size of the smallest.")
    seed: int = left_open(
        0,
        "Seed of the random sets, of the samples that settings are judged on, of redrawn samples, and of networks that "
        "name none of their own.",
        ge=0,
    )
