"""What every training can be told, whatever the network. Imports no jax."""

from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field

from landmark.configuration import Configuration, left_open

Keep = Literal["last", "best"]
LARGEST_SEED = 2**32 - 1


class TrainingConfiguration(Configuration):
    """What every training has."""

    if TYPE_CHECKING:  # each network states these in its own place and with its own default
        epochs: int
        batch_size: int
        keep: Keep
        seed: int | None

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


class SeededTraining(TrainingConfiguration):
    """A training with a seed of its own."""

    seed: int = left_open(0, "Seed of starting weights, order and dropout.", ge=0, le=LARGEST_SEED)


class PredictorTraining(TrainingConfiguration):
    """A training within a run that has a seed already."""

    seed: int | None = left_open(
        None, "Seed of starting weights, order and dropout; empty for the run's.", ge=0, le=LARGEST_SEED
    )

    def seeded(self, seed: int) -> Self:
        """Return the same with the seed of a run, unless it names one itself."""
        return self if self.seed is not None else self.model_copy(update={"seed": seed % (LARGEST_SEED + 1)})
