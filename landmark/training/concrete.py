"""Train the concrete autoencoder."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from landmark.errors import BadConfiguration
from landmark.progress import Report, silent
from landmark.training.concrete_configuration import ConcreteConfiguration
from landmark.training.concrete_problem import ConcreteProblem
from landmark.training.devices import memory_bytes
from landmark.training.fit import fit
from landmark.training.plan import Plan
from landmark.training.size import FLOAT32, GIGABYTE
from landmark.training.source import as_source

COPIES = 6
"""Arrays [neurons, genes] that a step holds: logits, their gradient, Adam's two moments, noise and mixture."""


@dataclass(frozen=True)
class TrainedConcrete:
    """What the neurons have learned.

    Attributes
    ----------
    scores
        Logits, [neurons, genes]; minus infinity for genes that may not be picked.
    weights
        Of the decoder, [given genes and then neurons, genes].
    history
        One row per epoch: epoch, train_loss, validation_loss, seconds; losses are mean absolute errors, train_loss
        of mixtures of genes, validation_loss of each neuron's most likely gene, on the same samples.
    """

    scores: np.ndarray
    weights: np.ndarray
    history: pd.DataFrame


def train_concrete(
    X: np.ndarray,
    neurons: int,
    configuration: ConcreteConfiguration,
    *,
    given: Sequence[int] = (),
    barred: Sequence[int] = (),
    seed: int = 0,
    directory: Path | None = None,
    report: Report = silent,
) -> TrainedConcrete:
    """Learn which genes restore all others.

    Parameters
    ----------
    X
        Training samples, standardised, float32 [samples, genes].
    neurons
        Number of genes to pick.
    configuration
        All choices.
    given, barred
        Columns that are measured in any case, and columns that must not be picked.
    seed
        Of starting weights, order and noise.
    directory
        Folder of checkpoints, from which an interrupted training goes on.
    report
        Told about every epoch; may raise ``Cancelled``.

    Raises
    ------
    BadConfiguration
        If the device has too little memory.
    BadRun
        If training diverges.
    """
    source = as_source(X, "The training data")
    (genes,) = source.widths
    needed, there = FLOAT32 * COPIES * neurons * genes, memory_bytes()
    if needed > there:
        raise BadConfiguration(
            f"size = {neurons:,}: the concrete autoencoder would need {needed / GIGABYTE:.1f} GB of memory beside the "
            f"data, and the device has {there / GIGABYTE:.1f} GB; choose fewer genes or another strategy"
        )
    batch_size = min(configuration.batch_size, source.samples)
    epochs = configuration.epochs
    problem = ConcreteProblem(
        configuration, genes, neurons, tuple(given), tuple(barred), epochs * -(-source.samples // batch_size)
    )
    plan = Plan(epochs, batch_size, seed, "last", 0, configuration.checkpoint_every)
    fitted = fit(problem, plan, source, source, directory=directory, report=report)
    network = problem.network(fitted.parameters)
    return TrainedConcrete(
        np.asarray(network.scores()), np.asarray(fitted.parameters["decoder"]["kernel"]), fitted.history
    )
