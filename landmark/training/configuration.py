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


class DeepchromeTraining(TrainingConfiguration):
    """DeepChrome, the classifier of Singh et al. 2016, trained by plain gradient descent gene by gene."""

    epochs: int = stated(100, "Passes over the training genes.", ge=1, le=100_000)
    batch_size: int = stated(
        1, "Genes per step. More train faster, in fewer steps than the published ones.", ge=1, le=65_536
    )
    learning_rate: float = stated(1e-3, "Step size at the start, for one gene per step.", gt=0, le=1)
    scaling: Literal["linear", "none"] = left_open(
        "linear",
        "Step size where several genes make a step: the learning rate times their number (linear), or as it is "
        "(none).",
    )
    decay: float = left_open(
        1e-7,
        "Fall of the step size, divided by 1 + decay x genes seen; the number is the public code's.",
        ge=0,
        le=1,
    )
    dropout: float = stated(
        0.5, "Share of pooled values left out at each step, before the first full layer.", ge=0, le=0.9
    )
    keep: Keep = stated(
        "best", "Weights to keep: of the last epoch, or of the one with the lowest validation log-loss."
    )

    @property
    def step_size(self) -> float:
        """Step size at the start, for the whole batch."""
        return self.learning_rate * (self.batch_size if self.scaling == "linear" else 1)


class GraphConfiguration(TrainingConfiguration):
    """The graph network of Kim et al. 2025, trained with Adam on the mean absolute error.

    "Public code" in the fields' descriptions is the authors' own, github.com/HyunjinHwn/GeneExpressionGNN.
    """

    layers: int = stated(4, "Graph layers.", ge=1, le=8)
    hidden: int = stated(64, "Units of each gene in every layer.", ge=1, le=1024)
    most_similar: int = stated(
        50, "Target genes most similar to a target gene that it reads, itself among them.", ge=1, le=5000
    )
    least_similar: int = stated(
        50, "Target genes least similar to a target gene that it reads.", ge=0, le=5000
    )
    epochs: int = stated(
        1000,
        "Passes over the training samples, at most; in the public code an epoch is 500 samples.",
        ge=1,
        le=100_000,
    )
    batch_size: int = left_open(
        16,
        "Samples per step; the public code takes 1, and so passes over all weights for every sample.",
        ge=1,
        le=65_536,
    )
    learning_rate: float = stated(5e-4, "Step size of Adam at the start.", gt=0, le=1)
    weight_decay: float = stated(
        1e-6,
        "Share of each weight that is added to its gradient. Collections of some hundred samples want more: 3e-4 "
        "predicted the GDSC cell lines best.",
        ge=0,
        le=1,
    )
    clip: float = stated(1.0, "Length at which the gradient of a step is cut.", gt=0, le=1e6)
    decay: float = stated(
        0.5, "Factor on the step size when the validation error no longer falls.", gt=0, le=1
    )
    patience: int = left_open(
        20,
        "Epochs without a lower validation error after which the step size shrinks; as many samples as in the "
        "public code with its 2,500 training samples.",
        ge=1,
        le=1000,
    )
    early_stopping: int = left_open(
        40,
        "Stop after this many epochs without a higher rank correlation on the validation samples; 0 trains all "
        "epochs. As many samples as in the public code with its 2,500 training samples.",
        ge=0,
        le=1000,
    )
    precision: Literal["float32"] = left_open("float32", "Numbers inside matrix products.")
    keep: Keep = stated(
        "best",
        "Weights to keep: of the last epoch, or of the one with the highest validation rank correlation.",
    )
