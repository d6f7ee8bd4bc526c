"""Which gene sets to compare, and how. Imports no numerical library."""

from typing import Literal

from pydantic import Field

from landmark.configuration import Configuration, left_open, stated
from landmark.training.configuration import DgexConfiguration
from landmark.workflows.configuration.names import DatasetId


class CompareConfiguration(Configuration):
    """Ask which gene set predicts the other genes better."""

    dataset: DatasetId = Field(description="The dataset to compare on.")
    sets: tuple[str, ...] = Field(
        ("L1000",),
        min_length=1,
        max_length=6,
        description="Sets: L1000, variable, <ranking run>:<number of genes>, or list:<file>.",
    )
    predictor: Literal["ridge", "knn", "dgex"] = left_open(
        "ridge",
        "How target genes are predicted: linear regression, nearest neighbours, or D-GEX (the paper's).",
    )
    targets: Literal["common", "own", "all"] = stated(
        "common", "Genes that are predicted: those in none of the sets, those outside each set, or all."
    )
    strict: bool = Field(
        True,
        description="Leave out targets that another probe of a set measures; off, they stay, as in D-GEX. Matters for "
        "probes only.",
    )
    same_size: bool = Field(True, description="Cut all sets to the size of the smallest.")
    random_sets: int | None = Field(
        None,
        ge=0,
        le=200,
        description="Number of random sets of the same size, as chance; empty for 20, or 3 with D-GEX, which "
        "takes much longer.",
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
