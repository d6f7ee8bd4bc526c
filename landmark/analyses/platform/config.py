"""On which other platform to test a prediction, and how. Imports no numerical library."""

from typing import Annotated, Literal

from pydantic import Field

from landmark.analyses.choices import BesideChance, DatasetId, GeneSetRef
from landmark.analyses.merge.config import JOINT_RANKS, JointRanks
from landmark.configuration import Asked, left_open, stated


class CrossPlatformConfiguration(BesideChance):
    """Learn on one dataset, predict another one that was measured in another way."""

    dataset: DatasetId = Field(description="The dataset to learn from, such as microarrays.")
    other: Annotated[str, Asked()] = Field(description="The dataset to predict, such as RNA-seq.")
    sets: Annotated[tuple[GeneSetRef, ...], Asked("--set")] = Field(
        ("L1000",),
        min_length=1,
        max_length=6,
        description="Sets: L1000, variable, <ranking run>, or list:<file>. Rankings and variable genes give their "
        "first genes among those that both datasets measure.",
    )
    size: int | None = Field(
        None,
        ge=1,
        description="Genes of each set; empty for as many as the smallest set has among the genes of both datasets.",
    )
    normalise: bool = stated(
        True,
        "Bring the samples of the other dataset onto the distribution of the first (joint quantiles).",
        "Kong 2021, Methods",
    )
    joint_ranks: JointRanks = left_open("ordinary", JOINT_RANKS)
    scaling: Literal["own", "training"] = stated(
        "own",
        "Standardise the genes of the other dataset by the means and deviations of its own samples, target genes "
        "included, which evens out what the platforms measure differently and makes errors smaller than a lone sample "
        "could have; or by those of the training samples, which also works for a single sample. Correlations are "
        "hardly touched.",
        "D-GEX public code, GTEx_norm.py",
    )
    label: str = Field(
        "", description="Annotation of the other dataset, such as tissue; empty for one that fits."
    )
    seed: int = left_open(
        0,
        "Seed of the random sets, of the samples that settings are judged on, and of networks that name none of their "
        "own.",
        ge=0,
    )
