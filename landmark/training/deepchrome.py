"""Train DeepChrome, which reads from histone marks whether a gene is expressed, and use it."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.progress import Report, silent
from landmark.training.apply import in_portions
from landmark.training.artefact import load_trained, save_trained
from landmark.training.deepchrome_configuration import DeepchromeTraining
from landmark.training.deepchrome_problem import AUC_ERROR, DeepchromeProblem
from landmark.training.fit import fit
from landmark.training.plan import plan_of
from landmark.training.problem import Parameters
from landmark.training.source import Arrays

KIND = "DeepChrome"


@dataclass(frozen=True)
class TrainedDeepchrome:
    """A DeepChrome network with its weights.

    Attributes
    ----------
    configuration
        How it was trained.
    parameters
        ``{layer: {"kernel": [in, out], "bias": [out]}}`` for convolution, first, second, output.
    history
        One row per epoch: epoch, train_loss, validation_loss, seconds; losses are log-losses, train_loss with
        dropout; validation_auc_error where epochs are compared by the area under the ROC curve.
    epoch
        The epoch whose weights these are.
    """

    configuration: DeepchromeTraining
    parameters: Mapping[str, Mapping[str, np.ndarray]]
    history: pd.DataFrame
    epoch: int

    @property
    def problem(self) -> DeepchromeProblem:
        """What was solved; it knows the network."""
        return DeepchromeProblem(self.configuration)

    def probabilities(self, reads: np.ndarray) -> np.ndarray:
        """Probability that each gene is expressed, float32 [genes], from its reads [genes, bins, marks]."""
        problem, parameters = self.problem, jax.device_put(self.parameters)
        flat = np.asarray(reads, np.float32).reshape(len(reads), -1)
        return in_portions(lambda x: _probabilities(problem, parameters, x), flat)

    def save(self, folder: Path) -> None:
        """Write into a folder."""
        save_trained(folder, KIND, self.parameters, self.configuration, self.history)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read from a folder.

        Raises
        ------
        BadRun
            If the files are missing or damaged.
        """
        parameters, configuration, history = load_trained(folder, KIND, DeepchromeTraining)
        return cls(configuration, parameters, history, _kept_epoch(configuration, history))


def log_odds(problem: DeepchromeProblem, parameters: Parameters, reads: jax.Array) -> jax.Array:
    """Log-odds of being expressed, [genes, 1], from reads [genes, bins, marks].

    The difference of the two scores before the softmax: a function of all weights that no saturation of the
    probabilities flattens.
    """
    return problem.network(parameters).logits(reads) @ jnp.array([[-1.0], [1.0]])


@functools.partial(jax.jit, static_argnums=0)
def _probabilities(problem: DeepchromeProblem, parameters: Parameters, x: jax.Array) -> jax.Array:
    return jnp.exp(problem.network(parameters)(problem.shaped(x))[:, 1])


def train_deepchrome(
    reads: np.ndarray,
    labels: np.ndarray,
    validation_reads: np.ndarray,
    validation_labels: np.ndarray,
    configuration: DeepchromeTraining,
    *,
    directory: Path | None = None,
    report: Report = silent,
) -> TrainedDeepchrome:
    """Train DeepChrome on the genes of one cell type.

    Parameters
    ----------
    reads, labels
        Training genes: counts [genes, 100, 5] as they were sequenced, and labels 0 or 1, [genes].
    validation_reads, validation_labels
        Genes by which epochs are judged: by the area under their ROC curve, or their log-loss, as is chosen and where
        they are all of one class.
    configuration
        All choices.
    directory
        Folder of checkpoints, from which an interrupted training goes on.
    report
        Told about every epoch; may raise ``Cancelled``.

    Raises
    ------
    BadData
        If there is no gene to train on or to judge by.
    BadRun
        If training diverges.
    """
    if not len(reads) or not len(validation_reads):
        raise BadData("There must be genes to train on and genes to judge by; one of the two has none.")
    train, validation = _source(reads, labels), _source(validation_reads, validation_labels)
    if len(np.unique(validation_labels)) < 2:  # one class has no ROC curve
        configuration = configuration.model_copy(update={"best_by": "log-loss"})
    problem = DeepchromeProblem(configuration)
    fitted = fit(problem, plan_of(configuration), train, validation, directory=directory, report=report)
    return TrainedDeepchrome(configuration, fitted.parameters, fitted.history, fitted.epoch)


def _source(reads: np.ndarray, labels: np.ndarray) -> Arrays:
    flat = np.ascontiguousarray(reads, np.float32).reshape(len(reads), -1)
    return Arrays((flat, labels.astype(np.float32)[:, None]))


def _kept_epoch(configuration: DeepchromeTraining, history: pd.DataFrame) -> int:
    if configuration.keep == "last":
        return len(history)
    column = AUC_ERROR if AUC_ERROR in history else "validation_loss"
    return int(history["epoch"].iloc[int(np.argmin(history[column]))])
