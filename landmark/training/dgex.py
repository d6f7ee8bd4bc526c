"""Train D-GEX, which predicts target genes from landmark genes, and use it."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import jax
import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.progress import Report, silent
from landmark.training.apply import in_portions
from landmark.training.artefact import load_trained, save_trained
from landmark.training.configuration import DgexConfiguration
from landmark.training.devices import memory_bytes
from landmark.training.dgex_problem import DgexProblem
from landmark.training.fit import fit
from landmark.training.pairs import paired
from landmark.training.plan import plan_of
from landmark.training.problem import Parameters
from landmark.training.size import check_against_data
from landmark.training.source import Source

KIND = "D-GEX"


@dataclass(frozen=True)
class TrainedDgex:
    """A D-GEX network with its weights.

    Attributes
    ----------
    configuration
        How it was trained.
    parameters
        ``{layer: {"kernel": [in, out], "bias": [out]}}`` for the layers hidden_1, ..., output.
    history
        One row per epoch: epoch, train_loss, validation_loss, seconds; losses are mean absolute errors,
        train_loss with dropout.
    """

    configuration: DgexConfiguration
    parameters: Mapping[str, Mapping[str, np.ndarray]]
    history: pd.DataFrame

    @property
    def landmarks(self) -> int:
        """Number of input genes."""
        return self.parameters["hidden_1"]["kernel"].shape[0]

    @property
    def targets(self) -> int:
        """Number of output genes."""
        return self.parameters["output"]["kernel"].shape[1]

    def predict(self, landmarks: np.ndarray) -> np.ndarray:
        """Predict target genes.

        Parameters
        ----------
        landmarks
            Scaled as the training data were, [samples, landmarks].

        Returns
        -------
        ndarray
            float32 [samples, targets], in the units of the training targets.
        """
        if landmarks.ndim != 2 or landmarks.shape[1] != self.landmarks:
            raise BadData(
                f"The network was trained on {self.landmarks} landmark genes; "
                f"the data have shape {landmarks.shape}."
            )
        problem = DgexProblem(self.configuration, self.landmarks, self.targets)
        parameters = jax.device_put(self.parameters)
        return in_portions(lambda x: _forwards(problem, parameters, x), landmarks.astype(np.float32))

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
        parameters, configuration, history = load_trained(folder, KIND, DgexConfiguration)
        return cls(configuration, parameters, history)


@functools.partial(jax.jit, static_argnums=0)
def _forwards(problem: DgexProblem, parameters: Parameters, x: jax.Array) -> jax.Array:
    return problem.network(parameters)(x)


def train_dgex(
    landmarks: np.ndarray | Source,
    targets: np.ndarray | Source,
    validation_landmarks: np.ndarray | Source,
    validation_targets: np.ndarray | Source,
    configuration: DgexConfiguration,
    *,
    directory: Path | None = None,
    report: Report = silent,
) -> TrainedDgex:
    """Train D-GEX.

    Parameters
    ----------
    landmarks, targets
        Training samples, standardised per gene, [samples, landmarks] and [samples, targets].
    validation_landmarks, validation_targets
        Samples by whose mean absolute error epochs are judged, scaled alike.
    configuration
        All choices.
    directory
        Folder of checkpoints, from which an interrupted training goes on.
    report
        Told about every epoch; may raise ``Cancelled``.

    Raises
    ------
    BadConfiguration
        If the configuration does not suit the data or the machine.
    BadData
        If samples or genes of the tables do not agree.
    BadRun
        If training diverges.
    """
    train, validation = paired(landmarks, targets, validation_landmarks, validation_targets)
    check_against_data(configuration, train.samples, sum(train.widths), memory_bytes())
    problem = DgexProblem(configuration, *train.widths)
    fitted = fit(problem, plan_of(configuration), train, validation, directory=directory, report=report)
    return TrainedDgex(configuration, fitted.parameters, fitted.history)
