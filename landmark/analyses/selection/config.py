"""Which genes to choose, and how. Imports no numerical library."""

from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from landmark.analyses.choices import (
    NEED_MODELS,
    DatasetId,
    GeneSetRef,
    Strategy,
    StrategySettings,
    TrainingRun,
)
from landmark.configuration import Asked


class SelectConfiguration(StrategySettings):
    """Choose genes that together say most of all others, or by another strategy to compare with."""

    dataset: DatasetId = Field(description="The dataset to choose on.")
    strategy: Strategy = Field(
        "left_out",
        description="How genes are chosen. One by one, each for the error with which left-out samples are predicted "
        "(left_out), or for what the others leave unexplained of the autoencoder's reconstruction (reconstruction), of "
        "the measured values (measured) or of both (blend); by the paper's ranking (ranking); by a network that learns "
        "which genes restore all others (concrete); after published methods, one gene for each cluster of genes, as "
        "L1000 was made (medoids), each for what the nearest samples do not say (genebasis), or one for each principal "
        "component (loadings); by their variance (variable); at random (random).",
    )
    models: Annotated[tuple[TrainingRun, ...], Asked("--model")] = Field(
        (),
        max_length=20,
        description="Training runs of this dataset, for ranking, reconstruction and blend; of several each has the "
        "same say.",
    )
    size: int = Field(
        0,
        ge=0,
        description="Number of genes; 0 for as many as there are L1000 genes in the dataset.",
    )
    start: GeneSetRef = Field(
        "", description="A set that is to be extended, such as L1000:200 or list:<file>; empty to start anew."
    )
    label: str = Field(
        "",
        description="Annotation, such as tissue, whose groups the chosen genes should keep apart as well; empty for "
        "none. For left_out, which then predicts the groups beside the genes.",
    )
    label_weight: float = Field(
        0.25,
        gt=0,
        lt=1,
        description="Share of these groups in what is to be predicted; the rest are the other genes. A larger one "
        "keeps groups apart better and predicts the other genes less well.",
    )
    contain: tuple[str, ...] = Field((), description="Genes that must be chosen.")
    never: tuple[str, ...] = Field((), description="Genes that must not be chosen.")
    check: bool = Field(
        True,
        description="Choose once more from three quarters of the training samples, and say how well the chosen genes "
        "predict the other quarter beside L1000 and random sets. For strategies that take minutes at most: "
        "left_out, measured, medoids, genebasis, loadings and variable. Takes about as long as the choice; with a "
        "label twice as long, as it is made without it too.",
    )
    seed: int = Field(0, ge=0, description="Seed of all random draws of the strategy.")

    @property
    def asked(self) -> tuple[str, ...]:
        """The models that have a say."""
        return self.models if self.strategy in NEED_MODELS else ()

    @field_validator("models", "contain", "never", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """Take names written with commas, for what the command line gives."""
        if not isinstance(value, str):
            return value
        return tuple(name.strip() for name in value.split(",") if name.strip())

    @model_validator(mode="after")
    def _models_where_needed(self) -> "SelectConfiguration":
        if self.strategy in NEED_MODELS and not self.models:
            raise ValueError(
                f"models is empty: the strategy {self.strategy} asks a trained network; name a training run, or take "
                "the strategy left_out, which needs none"
            )
        return self

    @model_validator(mode="after")
    def _label_where_possible(self) -> "SelectConfiguration":
        if self.label and self.strategy != "left_out":
            raise ValueError(
                f"label = {self.label!r}: only the strategy left_out keeps groups apart; take it, or leave the label "
                "empty"
            )
        return self
