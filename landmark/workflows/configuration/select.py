"""Which genes to choose, and how. Imports no numerical library."""

from typing import Any

from pydantic import Field, field_validator, model_validator

from landmark.configuration import Configuration
from landmark.workflows.configuration.names import DatasetId, RunId


class SelectConfiguration(Configuration):
    """Choose gene by gene, each time the one that explains most of what is still unexplained."""

    dataset: DatasetId = Field(description="The dataset to choose on.")
    models: tuple[RunId, ...] = Field(
        (),
        max_length=20,
        description="Training runs of this dataset whose reconstruction the genes are to explain; with several, "
        "that of each. Needed unless reconstruction is 0.",
    )
    reconstruction: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Share of the autoencoder's reconstruction in what is to be explained; the rest are the "
        "measured values.",
    )
    penalty: float = Field(
        2.0,
        gt=0,
        le=1000,
        description="Penalty of the ridge regression inside the choice, per training sample. A larger one prefers "
        "genes that stand for many others.",
    )
    size: int = Field(
        0,
        ge=0,
        description="Number of genes; 0 for as many as there are L1000 genes in the dataset.",
    )
    start: str = Field(
        "", description="A set that is to be extended, such as L1000:200 or list:<file>; empty to start anew."
    )
    contain: tuple[str, ...] = Field((), description="Genes that must be chosen.")
    never: tuple[str, ...] = Field((), description="Genes that must not be chosen.")
    seed: int = Field(
        0, ge=0, description="Seed of the directions that stand for the measured values of large datasets."
    )

    @field_validator("models", "contain", "never", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """Take names written with commas, for what the command line gives."""
        if not isinstance(value, str):
            return value
        return tuple(name.strip() for name in value.split(",") if name.strip())

    @model_validator(mode="after")
    def _what_to_explain(self) -> "SelectConfiguration":
        if self.reconstruction > 0 and not self.models:
            raise ValueError(
                "models is empty: name a training run whose reconstruction is to be explained, or set "
                "reconstruction to 0 to explain the measured values"
            )
        return self
