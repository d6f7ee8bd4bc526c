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
from flax import nnx

from landmark.data.scaling import Scaling
from landmark.errors import BadData
from landmark.models.dense import Dense, Precision
from landmark.models.settings import AutoencoderConfiguration
from landmark.models.size import check_against_data
from landmark.progress import Report, silent
from landmark.training.data import Scaled, Source, as_source, learn_scaling
from landmark.training.fit import fit
from landmark.training.mesh import memory_bytes
from landmark.training.problem import Batch, Parameters, Problem
from landmark.training.trained import Trained

Output = Literal["linear", "sigmoid"]


class Autoencoder(nnx.Module):
    """Sigmoid layers that squeeze an expression profile through a bottleneck and restore it.

    Kernels are Glorot uniform and biases zero (Keras' defaults). After each hidden layer, while training, a share
    ``dropout`` of the units is set to zero and the rest is divided by ``1 - dropout``. The output is ``linear``, or
    ``sigmoid`` for input scaled to 0-1.
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
class AutoencoderProblem(Problem[Autoencoder]):
    """Mean absolute error of the reconstruction, plus ``l2`` times the sum of squared weights, with Adam.

    The shown loss is the mean absolute error alone, in scaled units. ``learned`` is the scaling per gene, learned from
    the training samples; None for samples that are scaled.
    """

    kind = "autoencoder"
    settings = AutoencoderConfiguration

    configuration: AutoencoderConfiguration
    genes: int
    learned: Scaling | None = None

    @property
    def static_key(self) -> Mapping[str, Any]:
        """What decides the computation."""
        names = {"hidden", "bottleneck", "output", "dropout", "l2", "learning_rate", "precision"}
        chosen = self.configuration.model_dump(mode="json", include=names)
        return {"kind": self.kind, "genes": self.genes, **chosen}

    @property
    def checkpoint_identity(self) -> Mapping[str, Any]:
        """The same, and the scale of the input; checkpoints that do not say it are of scaled genes."""
        return {**self.static_key, **self.configuration.model_dump(include={"input"}, exclude_defaults=True)}

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

    def preactivation(self, parameters: Parameters, x: jax.Array) -> jax.Array:
        """Input of the bottleneck's sigmoids, [samples, bottleneck]."""
        return self.network(parameters).preactivation(x)

    def activation(self, parameters: Parameters, x: jax.Array) -> jax.Array:
        """Output of the bottleneck's sigmoids, [samples, bottleneck]."""
        return self.network(parameters).activation(x)

    @property
    def inputs(self) -> int:
        """Number of genes."""
        return self.genes

    @functools.cached_property
    def scaling(self) -> Scaling:
        """Scaling per gene, which changes nothing where none was learned."""
        nothing = Scaling(np.zeros(self.genes, np.float32), np.ones(self.genes, np.float32))
        return nothing if self.learned is None else self.learned

    def prepared(self, source: Source) -> Source:
        """Scale samples while they are read."""
        return source if self.learned is None else Scaled(source, self.learned)

    def scaled(self, X: np.ndarray) -> np.ndarray:
        """Scale samples."""
        return self.scaling.apply(X)

    def stored(self, parameters: Parameters) -> Mapping[str, Any]:
        """Return the weights and the scaling."""
        scaling = {"shift": self.scaling.shift, "scale": self.scaling.scale}
        return {"parameters": parameters, "scaling": scaling}

    @classmethod
    def restored(
        cls, configuration: AutoencoderConfiguration, arrays: Mapping[str, Any]
    ) -> tuple[Self, Parameters]:
        """Undo ``stored``."""
        scaling = Scaling(**arrays["scaling"])
        return cls(configuration, len(scaling.shift), scaling), arrays["parameters"]

    def build(self, rngs: nnx.Rngs) -> Autoencoder:
        """Make the network with starting weights."""
        names = {"hidden", "bottleneck", "dropout", "output", "precision"}
        return Autoencoder(self.genes, **self.configuration.model_dump(include=names), rngs=rngs)


TrainedAutoencoder = Trained[AutoencoderProblem]


def encoder_layers(trained: TrainedAutoencoder) -> list[tuple[np.ndarray, np.ndarray]]:
    """Kernel [in, out] and bias [out] of the two layers from the scaled input to the bottleneck."""
    layers = (trained.parameters["encoder"], trained.parameters["bottleneck"])
    return [(layer["kernel"], layer["bias"]) for layer in layers]


def train_autoencoder(
    train: np.ndarray | Source,
    validation: np.ndarray | Source,
    configuration: AutoencoderConfiguration,
    *,
    directory: Path | None = None,
    report: Report = silent,
) -> TrainedAutoencoder:
    """Train the autoencoder on expression, unscaled, [samples, genes]; otherwise as ``fit``.

    Raises BadConfiguration if the configuration does not suit the data or the machine, and BadData if values are
    missing or the genes of the two do not agree.
    """
    train, validation = as_source(train, "The training data"), as_source(validation, "The validation data")
    (genes,) = train.widths
    check_against_data(configuration, train.samples, genes, memory_bytes())
    if train.widths != validation.widths:
        raise BadData(f"Training data have {genes} genes, validation data {validation.widths[0]}.")
    problem = AutoencoderProblem(configuration, genes, learn_scaling(train, configuration.scaling))
    return fit(problem, train, validation, directory=directory, report=report)
