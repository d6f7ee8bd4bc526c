"""A trained network: applied to any number of samples, kept in a folder, read again."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import jax
import numpy as np
import pandas as pd

from landmark.errors import BadConfiguration, BadRun
from landmark.training.artefact import DESCRIPTION, load_artefact, save_artefact
from landmark.training.problem import Parameters, Problem

SAMPLES = 512
"""Samples per call: enough for full speed, little enough for any memory."""

P = TypeVar("P", bound=Problem[Any])


@dataclass(frozen=True, eq=False)
class Trained(Generic[P]):
    """A network with its weights, nested dictionaries of float32 NumPy arrays, of the epoch ``epoch``.

    The history has one row per epoch: epoch; train_loss, the mean over the samples while training, with dropout;
    validation_loss, without; what ``Problem.judged`` adds; seconds that the epoch took.
    """

    problem: P
    parameters: Parameters
    history: pd.DataFrame
    epoch: int

    def apply(self, X: np.ndarray, function: Callable[..., jax.Array] | None = None) -> np.ndarray:
        """Apply the network to samples in the units of the training data, [samples, inputs], some hundred at a time.

        ``function`` is a method of the problem's class that takes parameters and inputs; by default what the network
        gives. Raises BadData if the inputs are not those of the network.
        """
        chosen = function or type(self.problem).__call__
        X = self.problem.checked(X)
        return _in_portions(
            lambda x: _forwards(chosen, self.problem, self._on_device, self.problem.scaled(x)), X
        )

    def save(self, folder: Path) -> None:
        """Write into a folder, which is made where it is missing."""
        configuration = self.problem.configuration.model_dump(mode="json")
        arrays = self.problem.stored(self.parameters)
        save_artefact(folder, self.problem.kind, arrays, {"configuration": configuration}, self.history)

    @classmethod
    def load(cls, folder: Path, problem: type[P]) -> "Trained[P]":
        """Read from a folder what a network of this problem left there.

        Raises BadRun if the files are missing or damaged, or hold something else.
        """
        arrays, description, history = load_artefact(folder, problem.kind)
        try:
            configuration = problem.settings.parse(description["configuration"])
            made, parameters = problem.restored(configuration, arrays)
        except (KeyError, BadConfiguration) as error:
            raise BadRun(f"The settings in {folder / DESCRIPTION} cannot be used; train it again.") from error
        return Trained(made, parameters, history, kept_epoch(made, history))

    @functools.cached_property
    def _on_device(self) -> Parameters:
        return jax.device_put(self.problem.applied(self.parameters))


def kept_epoch(problem: Problem[Any], history: pd.DataFrame) -> int:
    """Return the epoch whose weights a training keeps: the last, or the first among the best."""
    if problem.configuration.keep == "last":
        return len(history)
    # Networks of earlier versions were judged by their loss alone.
    column = problem.criterion if problem.criterion in history else "validation_loss"
    return int(history["epoch"].iloc[int(np.argmin(history[column]))])


def _in_portions(function: Callable[[np.ndarray], Any], X: np.ndarray) -> np.ndarray:
    """Apply a compiled function of [samples, inputs] portion by portion.

    The last portion is filled up with zeros and cut again, so that one compiled function serves all.
    """
    height = min(SAMPLES, len(X))
    results = []
    for first in range(0, len(X), SAMPLES):
        portion = X[first : first + SAMPLES]
        missing = height - len(portion)
        filled = np.concatenate([portion, np.zeros((missing, X.shape[1]), X.dtype)]) if missing else portion
        results.append(np.asarray(function(filled))[: len(portion)])
    return np.concatenate(results)


@functools.partial(jax.jit, static_argnums=(0, 1))
def _forwards(
    function: Callable[..., jax.Array], problem: Problem[Any], parameters: Parameters, x: jax.Array
) -> jax.Array:
    return function(problem, parameters, x)
