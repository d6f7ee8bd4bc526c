"""Choices for training the two networks, with the papers' values as defaults. Imports no jax."""

from typing import Literal, Self

from pydantic import Field, model_validator

from landmark.configuration import Configuration, left_open, stated
from landmark.expression.scaling import Kind

Keep = Literal["last", "best"]
LARGEST_SEED = 2**32 - 1


class TrainingConfiguration(Configuration):
    """What every training has."""

    seed: int = left_open(0, "Seed of starting weights, order and dropout.", ge=0, le=LARGEST_SEED)
    precision: Literal["float32", "bfloat16"] = left_open(
        "float32",
        "Numbers inside matrix products; bfloat16 is faster on accelerators that have it, weights and sums "
        "stay float32.",
    )
    checkpoint_every: int = Field(
        10, ge=1, le=1000, description="Epochs between checkpoints, from which a stopped run goes on."
    )
    early_stopping: int = left_open(
        0,
        "Stop after this many epochs without a lower validation loss; 0 trains all epochs.",
        ge=0,
        le=1000,
    )


class AutoencoderConfiguration(TrainingConfiguration):
    """The autoencoder of Kong et al. 2021.

    Its loss is the mean absolute error plus ``l2`` times the sum of squared weights, minimised with Adam.
    """

    hidden: int = stated(500, "Units of the first and third hidden layer.", ge=1, le=20_000)
    bottleneck: int = stated(100, "Units of the bottleneck, the middle layer.", ge=1, le=10_000)
    output: Literal["linear", "sigmoid"] = left_open(
        "linear",
        "Last layer: linear restores values standardised per gene; sigmoid, the literal reading of the "
        "paper, restores values scaled to 0-1 per gene.",
    )
    dropout: float = stated(0.1, "Share of hidden units left out at each step.", ge=0, le=0.9)
    l2: float = stated(1e-6, "Weight of the sum of squared weights in the loss.", ge=0, le=1)
    epochs: int = stated(100, "Passes over the training samples.", ge=1, le=100_000)
    batch_size: int = left_open(32, "Samples per step; Keras' default.", ge=1, le=65_536)
    learning_rate: float = left_open(1e-3, "Step size of Adam; Keras' default.", gt=0, le=1)
    keep: Keep = left_open(
        "last", "Weights to keep: of the last epoch, or of the one with the lowest validation loss."
    )

    @property
    def scaling(self) -> Kind:
        """The scaling of the input that the output layer calls for."""
        return "unit" if self.output == "sigmoid" else "standardise"


class DgexConfiguration(TrainingConfiguration):
    """D-GEX, the predictor of Chen et al. 2016, trained by gradient descent with momentum."""

    layers: int = stated(3, "Hidden layers.", ge=1, le=3)
    units: int = stated(3000, "Units of each hidden layer: 3000, 6000 or 9000 in the paper.", ge=1, le=50_000)
    dropout: float = stated(
        0.1, "Share of hidden units left out at each step: 0, 0.1 or 0.25 in the paper.", ge=0, le=0.9
    )
    epochs: int = stated(200, "Passes over the training samples.", ge=1, le=100_000)
    batch_size: int = stated(200, "Samples per step.", ge=1, le=65_536)
    momentum: float = stated(0.5, "Share of the previous step carried into the next.", ge=0, lt=1)
    learning_rate: float | None = stated(
        None,
        "Step size at the start; empty for the paper's 0.0005 with one hidden layer and 0.0003 with more.",
        gt=0,
        le=1,
    )
    lowest_learning_rate: float = stated(1e-5, "Floor of the step size.", gt=0, le=1)
    decay: float = stated(
        0.9, "Factor on the step size after an epoch in which the training error rose.", gt=0, le=1
    )
    later_layers: float = stated(
        3.0, "Factor on the step size for the weights of every layer but the first.", gt=0, le=100
    )
    monitored: int = left_open(
        5000,
        "Training samples, drawn once, on which the training error is watched; the number is the public "
        "code's.",
        ge=1,
        le=1_000_000,
    )
    keep: Keep = stated(
        "best", "Weights to keep: of the last epoch, or of the one with the lowest validation error."
    )

    @property
    def first_learning_rate(self) -> float:
        """The step size of the first epoch."""
        if self.learning_rate is not None:
            return self.learning_rate
        return 5e-4 if self.layers == 1 else 3e-4

    @model_validator(mode="after")
    def _floor_below_start(self) -> Self:
        if self.lowest_learning_rate > self.first_learning_rate:
            raise ValueError(
                f"lowest_learning_rate = {self.lowest_learning_rate} must not exceed learning_rate = "
                f"{self.first_learning_rate}"
            )
        return self
