"""Which ways of choosing genes are set against each other, and by what rules. Imports no numerical library."""

from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from landmark.analyses.choices import (
    NEED_MODELS,
    DatasetId,
    NetworkSettings,
    PredictorName,
    Strategy,
    StrategySettings,
)
from landmark.configuration import Asked, left_open
from landmark.models.settings import AutoencoderConfiguration
from landmark.training.settings import LARGEST_SEED

MOST_SEEDS = 20


class BenchmarkConfiguration(StrategySettings, NetworkSettings):
    """Let ways of choosing genes compete on samples that none of them has seen.

    All samples of the dataset are divided into folds. Each fold in turn is the test: scaling, autoencoders, chosen
    genes and settings of predictors come from the other folds alone.
    """

    dataset: DatasetId = Field(description="The dataset to compete on.")
    strategies: Annotated[tuple[Strategy, ...], Asked("--strategy")] = Field(
        ("left_out", "ranking", "reconstruction", "blend", "measured", "variable", "random"),
        min_length=1,
        description="Ways of choosing genes, each once. L1000 always takes part where the dataset has it.",
    )
    sizes: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Asked("--size")] = Field(
        (),
        max_length=20,
        description="Numbers of genes to choose; empty for as many as there are L1000 genes in the dataset, half and a "
        "quarter of that.",
    )
    predictors: Annotated[tuple[PredictorName, ...], Asked("--predictor")] = Field(
        ("ridge", "knn"), min_length=1, description="Ways of predicting all other genes from the chosen ones."
    )
    folds: int = Field(5, ge=2, le=20, description="Parts that the samples are divided into.")
    seeds: int = Field(
        1,
        ge=1,
        le=MOST_SEEDS,
        description="How often everything is repeated, each time with other folds, other starting weights and other "
        "random sets.",
    )
    first_seed: int = Field(
        0, ge=0, le=LARGEST_SEED - 100, description="The first seed; the others are the numbers after it."
    )
    groups: str = Field(
        "",
        description="Annotation column, such as tissue, whose groups are never divided: the test then asks whether "
        "the chosen genes carry over to groups that were not seen. Empty for the groups that the split of the dataset "
        "keeps together, such as patients; sample by sample where it keeps none.",
    )
    balance: str = Field(
        "",
        description="Annotation column, such as tissue, of which every fold gets its share. Empty to divide at random.",
    )
    random_sets: int = Field(
        3, ge=1, le=50, description="Number of random sets per fold, where random takes part."
    )
    models: int = Field(
        1,
        ge=1,
        le=20,
        description="Autoencoders trained per fold, each from other starting weights, for ranking, reconstruction and "
        "blend; each has the same say.",
    )
    network: AutoencoderConfiguration = Field(
        default_factory=AutoencoderConfiguration,
        description="The autoencoders of the folds; the defaults are the paper's.",
    )
    strict: bool = left_open(
        True,
        "Leave out targets that another probe of a set measures; off, they stay, as in D-GEX. Matters for probes only.",
    )

    @field_validator("strategies", "sizes", "predictors", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """Read lists as the command line gives them: 50, 100, 200."""
        return (
            [part.strip() for part in value.strip("[] ").split(",") if part.strip()]
            if isinstance(value, str)
            else value
        )

    @field_validator("strategies", "sizes", "predictors")
    @classmethod
    def _each_once(cls, value: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(set(value)) < len(value):
            raise ValueError("name each once")
        return value

    @model_validator(mode="after")
    def _agree(self) -> "BenchmarkConfiguration":
        if self.groups and self.balance:
            raise ValueError(
                "groups and balance exclude each other: whole groups in one fold cannot be spread over all folds"
            )
        if self.network.seed:
            raise ValueError("choose seeds by first_seed; the seed of the network has no effect here")
        return self

    @property
    def all_seeds(self) -> range:
        """The seeds, in order."""
        return range(self.first_seed, self.first_seed + self.seeds)

    @property
    def trainings(self) -> int:
        """The number of autoencoders that are trained in all."""
        asked = any(name in NEED_MODELS for name in self.strategies)
        return self.models * self.folds * self.seeds if asked else 0
