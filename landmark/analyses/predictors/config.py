"""By which predictors whole samples are inferred, and how that is judged. Imports no numerical library."""

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from landmark.analyses.choices import CovariateChoice, DatasetId, GeneSetRef, NetworkSettings, PredictorName
from landmark.configuration import Asked, left_open


class PredictorsConfiguration(NetworkSettings, CovariateChoice):
    """Ask how well whole samples can be inferred from the genes of one set, and by which predictor."""

    dataset: DatasetId = Field(description="The dataset to infer on.")
    set: Annotated[GeneSetRef, Asked(said=True)] = Field(
        "L1000",
        description="The set: L1000, variable, <ranking run>:<number of genes>, <selection run>:<number of genes>, or "
        "list:<file>.",
    )
    size: int | None = Field(
        None, ge=1, description="Take only the first so many genes of the set; empty for all."
    )
    predictors: Annotated[tuple[PredictorName, ...], Asked("--predictor", said=True)] = Field(
        ("ridge", "knn"),
        min_length=1,
        max_length=7,
        description="Predictors to set against each other: ridge, knn, kernel, sample_lasso, ensemble, dgex, graph. "
        "With a covariate, each is fitted with it and without it.",
    )
    null: Literal["other genes", "permuted samples"] = left_open(
        "other genes",
        "What chance gives, for recall: correlations of a prediction with other genes, as in Kim et al. 2025, or with "
        "its own gene after the samples are shuffled, which is easier to exceed.",
    )
    seed: int = left_open(
        0,
        "Seed of the samples on which settings such as the penalty are judged, of networks that name none of their "
        "own, of what recall draws, and of intervals.",
        ge=0,
    )

    @field_validator("predictors", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """Take names written with commas, for what the command line gives."""
        if not isinstance(value, str):
            return value
        return tuple(name.strip() for name in value.split(",") if name.strip())

    @field_validator("predictors")
    @classmethod
    def _distinct(cls, value: tuple[PredictorName, ...]) -> tuple[PredictorName, ...]:
        if len(set(value)) < len(value):
            raise ValueError("a predictor is named twice; name each once")
        return value

    @property
    def covariates(self) -> tuple[str, ...]:
        """Annotations that each predictor is fitted with, one after the other; empty text for none."""
        return ("", self.covariate) if self.covariate else ("",)
