"""How long and in what portions to train, and what follows from that."""

from dataclasses import dataclass

import numpy as np

from landmark.training.configuration import (
    AutoencoderConfiguration,
    DgexConfiguration,
    GraphConfiguration,
    Keep,
)
from landmark.training.deepchrome_configuration import DeepchromeTraining

MONITORED_STREAM = 1
"""Sets the draw of monitored samples apart from other uses of the seed."""


@dataclass(frozen=True)
class Plan:
    """How long and in what portions to train, whatever the network.

    Attributes
    ----------
    epochs, batch_size, seed, checkpoint_every
        As in ``TrainingConfiguration``.
    keep
        Which epoch's parameters to return.
    early_stopping
        Epochs without a lower validation loss after which to stop; 0 for never.
    """

    epochs: int
    batch_size: int
    seed: int
    keep: Keep
    early_stopping: int
    checkpoint_every: int


def plan_of(
    configuration: AutoencoderConfiguration | DeepchromeTraining | DgexConfiguration | GraphConfiguration,
) -> Plan:
    """Take the plan out of a configuration."""
    return Plan(
        configuration.epochs,
        configuration.batch_size,
        configuration.seed or 0,  # of a predictor used by itself, without a run that has a seed
        configuration.keep,
        configuration.early_stopping,
        configuration.checkpoint_every,
    )


def monitored_rows(samples: int, monitored: int, seed: int) -> np.ndarray:
    """Draw the samples on which the training loss is watched, sorted indices."""
    random = np.random.default_rng([seed, 0, MONITORED_STREAM])
    return np.sort(random.choice(samples, min(monitored, samples), replace=False))


def best_epoch(history: list[dict[str, float]], criterion: str = "validation_loss") -> int:
    """Find the epoch with the lowest validation loss, or other criterion, the first among equals."""
    return 1 + int(np.argmin([row[criterion] for row in history]))
