"""Choices for the concrete autoencoder. Imports no jax."""

from typing import Self

from pydantic import Field, model_validator

from landmark.configuration import Configuration


class ConcreteConfiguration(Configuration):
    """The concrete autoencoder of Abid, Balin and Zou 2019, which learns which genes to measure."""

    epochs: int = Field(300, ge=1, le=100_000, description="Passes over the training samples.")
    batch_size: int = Field(
        64, ge=1, le=65_536, description="Samples per step, or all where there are fewer."
    )
    learning_rate: float = Field(3e-3, gt=0, le=1, description="Step size of Adam for the decoder.")
    logit_learning_rate: float = Field(
        0.05,
        gt=0,
        le=10,
        description="Step size of Adam for the neurons' preferences. Larger than the decoder's, since a preference "
        "has far to go: among thousands of genes, a sure neuron prefers one by more than 10.",
    )
    start_temperature: float = Field(
        10.0, gt=0, le=1000, description="Temperature at the first step, where every neuron mixes many genes."
    )
    end_temperature: float = Field(
        0.01, gt=0, le=1000, description="Temperature at the last step, where every neuron picks one gene."
    )
    checkpoint_every: int = Field(
        50, ge=1, le=1000, description="Epochs between checkpoints, from which a stopped run goes on."
    )

    @model_validator(mode="after")
    def _cools(self) -> Self:
        if self.end_temperature > self.start_temperature:
            raise ValueError(
                f"end_temperature = {self.end_temperature} must not exceed start_temperature = "
                f"{self.start_temperature}"
            )
        return self
