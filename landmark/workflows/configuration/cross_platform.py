"""On which other platform to test a prediction, and how. Imports no numerical library."""

from typing import Literal

from pydantic import Field

from landmark.configuration import Configuration, left_open, stated
from landmark.training.configuration import DgexConfiguration
from landmark.workflows.configuration.names import DatasetId


class CrossPlatformConfiguration(Configuration):
    """Learn on one dataset, predict another one that was measured in another way."""

    dataset: DatasetId = Field(description="The dataset to learn from, such as microarrays.")
    other: DatasetId = Field(description="The dataset to predict, such as RNA-seq.")
    sets: tuple[str, ...] = Field(
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
    predictor: Literal["ridge", "knn", "dgex"] = left_open(
        "ridge",
        "How target genes are predicted: linear regression, nearest neighbours, or D-GEX (the paper's).",
    )
    normalise: bool = stated(
        True, "Bring the samples of the other dataset onto the distribution of the first (joint quantiles)."
    )
    scaling: Literal["own", "training"] = left_open(
        "own",
        "Standardise the genes of the other dataset by its own samples, which evens out what the platforms measure "
        "differently, or by the training samples, which also works for a single sample.",
    )
    label: str = Field(
        "", description="Annotation of the other dataset, such as tissue; empty for one that fits."
    )
    random_sets: int | None = Field(
        None,
        ge=0,
        le=200,
        description="Number of random sets of the same size, as chance; empty for 20, or 3 with D-GEX.",
    )
    seed: int = left_open(0, "Seed of the random sets, the choice of penalty and D-GEX.", ge=0)
    dgex: DgexConfiguration = Field(
        default_factory=DgexConfiguration, description="Settings of D-GEX, used when it is the predictor."
    )

    @property
    def chance_sets(self) -> int:
        """The number of random sets."""
        if self.random_sets is not None:
            return self.random_sets
        return 3 if self.predictor == "dgex" else 20
