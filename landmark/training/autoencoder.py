"""Train the autoencoder of Kong et al. 2021 and use it."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import jax
import numpy as np
import pandas as pd

from landmark.data.scaling import Scaling
from landmark.errors import BadData
from landmark.progress import Report, silent
from landmark.training.apply import in_portions
from landmark.training.artefact import load_trained, save_trained
from landmark.training.autoencoder_problem import AutoencoderProblem
from landmark.training.configuration import AutoencoderConfiguration
from landmark.training.devices import memory_bytes
from landmark.training.fit import fit
from landmark.training.plan import plan_of
from landmark.training.problem import Parameters
from landmark.training.size import check_against_data
from landmark.training.source import Scaled, Source, as_source, learn_scaling

KIND = "autoencoder"


@dataclass(frozen=True)
class TrainedAutoencoder:
    """An autoencoder with its weights.

    Attributes
    ----------
    configuration
        How it was trained.
    scaling
        Scaling per gene, learned from the training samples.
    parameters
        ``{layer: {"kernel": [in, out], "bias": [out]}}`` for the layers encoder, bottleneck, decoder, output.
    history
        One row per epoch: epoch, train_loss, validation_loss, seconds; losses are mean absolute errors in
        scaled units, train_loss with dropout.
    """

    configuration: AutoencoderConfiguration
    scaling: Scaling
    parameters: Mapping[str, Mapping[str, np.ndarray]]
    history: pd.DataFrame

    @property
    def genes(self) -> int:
        """Number of genes."""
        return len(self.scaling.shift)

    def encode(self, X: np.ndarray, activated: bool = True) -> np.ndarray:
        """Compute the bottleneck of samples.

        Parameters
        ----------
        X
            Expression in the units of the training data, [samples, genes].
        activated
            The sigmoids' output; otherwise their input.

        Returns
        -------
        ndarray
            float32 [samples, bottleneck].
        """
        return self._apply("activation" if activated else "preactivation", X)

    def reconstruct(self, X: np.ndarray) -> np.ndarray:
        """Send samples through the whole network, [samples, genes] to scaled units, [samples, genes]."""
        return self._apply("__call__", X)

    def encoder_layers(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Kernel [in, out] and bias [out] of the two layers from the scaled input to the bottleneck."""
        layers = (self.parameters["encoder"], self.parameters["bottleneck"])
        return [(layer["kernel"], layer["bias"]) for layer in layers]

    def save(self, folder: Path) -> None:
        """Write into a folder."""
        scaling = {"shift": self.scaling.shift, "scale": self.scaling.scale}
        arrays = {"parameters": self.parameters, "scaling": scaling}
        save_trained(folder, KIND, arrays, self.configuration, self.history)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read from a folder.

        Raises
        ------
        BadRun
            If the files are missing or damaged.
        """
        arrays, configuration, history = load_trained(folder, KIND, AutoencoderConfiguration)
        return cls(configuration, Scaling(**arrays["scaling"]), arrays["parameters"], history)

    def _apply(self, method: str, X: np.ndarray) -> np.ndarray:
        if X.ndim != 2 or X.shape[1] != self.genes:
            raise BadData(f"The network was trained on {self.genes} genes; the data have shape {X.shape}.")
        problem = AutoencoderProblem(self.configuration, self.genes)
        parameters = jax.device_put(self.parameters)
        return in_portions(lambda x: _forwards(problem, method, parameters, self.scaling.apply(x)), X)


@functools.partial(jax.jit, static_argnums=(0, 1))
def _forwards(problem: AutoencoderProblem, method: str, parameters: Parameters, x: jax.Array) -> jax.Array:
    return getattr(problem.network(parameters), method)(x)


def train_autoencoder(
    train: np.ndarray | Source,
    validation: np.ndarray | Source,
    configuration: AutoencoderConfiguration,
    *,
    directory: Path | None = None,
    report: Report = silent,
) -> TrainedAutoencoder:
    """Train the autoencoder.

    Parameters
    ----------
    train, validation
        Expression, unscaled, [samples, genes]; validation samples only judge epochs.
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
        If values are missing or the genes of the two do not agree.
    BadRun
        If training diverges.
    """
    train, validation = as_source(train, "The training data"), as_source(validation, "The validation data")
    (genes,) = train.widths
    check_against_data(configuration, train.samples, genes, memory_bytes())
    if train.widths != validation.widths:
        raise BadData(f"Training data have {genes} genes, validation data {validation.widths[0]}.")
    scaling = learn_scaling(train, configuration.scaling)
    fitted = fit(
        AutoencoderProblem(configuration, genes),
        plan_of(configuration),
        Scaled(train, scaling),
        Scaled(validation, scaling),
        directory=directory,
        report=report,
    )
    return TrainedAutoencoder(configuration, scaling, fitted.parameters, fitted.history)
