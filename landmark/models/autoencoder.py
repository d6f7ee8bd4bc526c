"""The autoencoder of Kong et al. 2021: genes - 500 - 100 - 500 - genes."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pandas as pd
from flax import nnx

from landmark.data.scaling import Scaling
from landmark.errors import BadData
from landmark.models.dense import Dense, Precision
from landmark.models.settings import AutoencoderConfiguration
from landmark.models.size import check_against_data
from landmark.progress import Report, silent
from landmark.training.artefact import load_trained, save_trained
from landmark.training.data import Scaled, Source, as_source, learn_scaling
from landmark.training.fit import fit, plan_of
from landmark.training.mesh import memory_bytes
from landmark.training.problem import Batch, ModuleProblem, Parameters
from landmark.training.trained import in_portions

Output = Literal["linear", "sigmoid"]


class Autoencoder(nnx.Module):
    """Sigmoid layers that squeeze an expression profile through a bottleneck and restore it.

    Kernels are Glorot uniform and biases zero (Keras' defaults). After each hidden layer, while training, a
    share ``dropout`` of the units is set to zero and the rest is divided by ``1 - dropout``.

    Parameters
    ----------
    genes, hidden, bottleneck
        Widths of the layers; the decoder mirrors the encoder.
    dropout
        Share of hidden units left out at each training step.
    output
        ``linear`` for input standardised per gene, ``sigmoid`` for input scaled to 0-1.
    precision
        Numbers inside matrix products.
    rngs
        Supplies the key ``params``.
    """

    def __init__(
        self,
        genes: int,
        hidden: int = 500,
        bottleneck: int = 100,
        *,
        dropout: float = 0.1,
        output: Output = "linear",
        precision: Precision = "float32",
        rngs: nnx.Rngs,
    ) -> None:
        def layer(inputs: int, outputs: int) -> Dense:
            glorot = nnx.initializers.glorot_uniform()
            return Dense(inputs, outputs, kernel_init=glorot, precision=precision, rngs=rngs)

        self.encoder = layer(genes, hidden)
        self.bottleneck = layer(hidden, bottleneck)
        self.decoder = layer(bottleneck, hidden)
        self.output = layer(hidden, genes)
        self.dropout = nnx.Dropout(dropout)
        self.output_kind: Output = output

    def preactivation(self, x: jax.Array, key: jax.Array | None = None) -> jax.Array:
        """Input of the bottleneck's sigmoids, [samples, genes] to [samples, bottleneck]."""
        return self.bottleneck(self._thin(jax.nn.sigmoid(self.encoder(x)), key, 0))

    def activation(self, x: jax.Array, key: jax.Array | None = None) -> jax.Array:
        """Output of the bottleneck's sigmoids, [samples, genes] to [samples, bottleneck]."""
        return jax.nn.sigmoid(self.preactivation(x, key))

    def __call__(self, x: jax.Array, key: jax.Array | None = None) -> jax.Array:
        """Reconstruct scaled profiles, [samples, genes]; a key turns dropout on."""
        code = self._thin(self.activation(x, key), key, 1)
        restored = self.output(self._thin(jax.nn.sigmoid(self.decoder(code)), key, 2))
        return jax.nn.sigmoid(restored) if self.output_kind == "sigmoid" else restored

    def _thin(self, units: jax.Array, key: jax.Array | None, layer: int) -> jax.Array:
        if key is None:
            return units
        return self.dropout(units, rngs=jax.random.fold_in(key, layer))


ADAM_EPSILON = 1e-7
"""Keras' value, beside which its learning rate was chosen; optax's own default is 1e-8."""


@dataclass(frozen=True, eq=False)
class AutoencoderProblem(ModuleProblem[Autoencoder]):
    """Mean absolute error of the reconstruction, plus ``l2`` times the sum of squared weights, with Adam.

    The shown loss is the mean absolute error alone, in scaled units.
    """

    configuration: AutoencoderConfiguration
    genes: int

    @property
    def identity(self) -> Mapping[str, Any]:
        """What decides the computation."""
        names = {"hidden", "bottleneck", "output", "dropout", "l2", "learning_rate", "precision"}
        chosen = self.configuration.model_dump(mode="json", include=names)
        return {"kind": "autoencoder", "genes": self.genes, **chosen}

    @functools.cached_property
    def optimiser(self) -> optax.GradientTransformation:
        """Adam."""
        return optax.adam(self.configuration.learning_rate, eps=ADAM_EPSILON)

    def losses(
        self, parameters: Parameters, batch: Batch, key: jax.Array | None
    ) -> tuple[jax.Array, jax.Array]:
        """Mean absolute error of each sample."""
        (x,) = batch
        error = jnp.mean(jnp.abs(self.network(parameters)(x, key) - x), axis=1)
        return error, error

    def penalty(self, parameters: Parameters) -> jax.Array:
        """``l2`` times the sum of squared weights, biases left out as in Keras."""
        squares = [jnp.sum(jnp.square(layer["kernel"])) for layer in parameters.values()]
        return self.configuration.l2 * jnp.sum(jnp.stack(squares))

    def build(self, rngs: nnx.Rngs) -> Autoencoder:
        """Make the network with starting weights."""
        chosen = self.configuration
        return Autoencoder(
            self.genes,
            chosen.hidden,
            chosen.bottleneck,
            dropout=chosen.dropout,
            output=chosen.output,
            precision=chosen.precision,
            rngs=rngs,
        )


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
