"""Up to which size gene sets are followed, and how. Imports no numerical library."""

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from landmark.analyses.choices import PREDICTOR, DatasetId, GeneSetRef, PredictorChoice, PredictorName
from landmark.configuration import Asked, left_open

MOST_GENES = 1000
"""Largest size where none is chosen: the paper's 943 and a little more."""


class SizeConfiguration(PredictorChoice):
    """Ask how accuracy grows with the number of genes measured."""

    dataset: DatasetId = Field(description="The dataset to predict.")
    sets: Annotated[tuple[GeneSetRef, ...], Asked("--set")] = Field(
        ("L1000",),
        min_length=1,
        max_length=6,
        description="Sets in their own order: L1000, variable, <ranking run>, or list:<file>.",
    )
    predictor: PredictorName = Field(
        "ridge",
        description=f"{PREDICTOR} Linear regression answers every size at once; the others are learned anew for each "
        "of a few sizes.",
    )
    targets: Literal["common", "own"] = left_open(
        "common",
        "Genes that are predicted, the same at every size: those in none of the sets at their largest size, or for "
        "each set those outside it.",
    )
    strict: bool = Field(
        True,
        description="Leave out targets that another probe of a set measures; off, they stay, as in D-GEX. Matters for "
        "probes only.",
    )
    largest: int | None = Field(
        None,
        ge=2,
        description="Largest number of genes; empty for 1,000, or a quarter of the genes of the dataset where that is "
        "less.",
    )
    sizes: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        (),
        max_length=2000,
        description="Sizes to try; empty for every size with linear regression, and for five with the others.",
    )
    recovered: float = Field(
        0.7, gt=0, lt=1, description="A target gene counts as recovered from this correlation on."
    )
    random_orders: int | None = Field(
        None,
        ge=0,
        le=200,
        description="Number of random orders of all genes, as chance; empty for 10, or 2 with the predictors that "
        "learn anew for each size.",
    )
    seed: int = left_open(
        0,
        "Seed of the random orders, of the samples that settings are judged on, of redrawn samples, and of networks "
        "that name none of their own.",
        ge=0,
    )

    @field_validator("sizes", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """Read sizes as the command line gives them: 50, 100, 200."""
        return (
            [part for part in value.strip("[] ").split(",") if part.strip()]
            if isinstance(value, str)
            else value
        )

    @property
    def chance_orders(self) -> int:
        """The number of random orders."""
        if self.random_orders is not None:
            return self.random_orders
        return 10 if self.predictor == "ridge" else 2

    def largest_of(self, genes: int) -> int:
        """The largest size on a dataset of so many genes."""
        return self.largest or max(1, min(MOST_GENES, genes // 4))
