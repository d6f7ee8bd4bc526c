"""D-GEX (Chen et al. 2016): landmark genes - tanh layers - all target genes."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import jax
import jax.numpy as jnp
import optax
from flax import nnx

from landmark.models.dense import Dense, Precision
from landmark.models.settings import DgexConfiguration
from landmark.models.size import check_against_data
from landmark.progress import Report, silent
from landmark.training.data import Samples, Source, paired
from landmark.training.fit import fit
from landmark.training.mesh import memory_bytes
from landmark.training.optimizers import DgexState, dgex_sgd, shrink_where_it_rose
from landmark.training.problem import Batch, Parameters, Problem
from landmark.training.trained import Trained

OUTPUT_BOUND = 1e-4
"""Output kernels start uniform within this bound, as in the public D-GEX code."""


class Dgex(nnx.Module):
    """One to three tanh layers and a linear output.

    Hidden kernels are Glorot uniform, the output kernel uniform in +-1e-4, biases zero. While training, each hidden
    layer's units are dropped at the rate ``dropout`` and the rest divided by ``1 - dropout``; the input is never
    dropped.
    """

    def __init__(
        self,
        landmarks: int,
        targets: int,
        layers: int = 3,
        units: int = 3000,
        *,
        dropout: float = 0.1,
        precision: Precision = "float32",
        rngs: nnx.Rngs,
    ) -> None:
        self.layers = layers
        glorot = nnx.initializers.glorot_uniform()
        width = landmarks
        for name in self.hidden_names():
            setattr(self, name, Dense(width, units, kernel_init=glorot, precision=precision, rngs=rngs))
            width = units
        self.output = Dense(width, targets, kernel_init=_small_uniform, precision=precision, rngs=rngs)
        self.dropout = nnx.Dropout(dropout)

    def hidden_names(self) -> list[str]:
        """Names of the hidden layers, from the input on."""
        return [f"hidden_{number}" for number in range(1, self.layers + 1)]

    def __call__(self, x: jax.Array, key: jax.Array | None = None) -> jax.Array:
        """Predict targets, [samples, landmarks] to [samples, targets]; a key turns dropout on."""
        for number, name in enumerate(self.hidden_names()):
            x = jnp.tanh(getattr(self, name)(x))
            if key is not None:
                x = self.dropout(x, rngs=jax.random.fold_in(key, number))
        return self.output(x)


def _small_uniform(
    key: jax.Array, shape: tuple[int, ...], dtype: jnp.dtype = jnp.float32, **_: object
) -> jax.Array:
    return jax.random.uniform(key, shape, dtype, -OUTPUT_BOUND, OUTPUT_BOUND)


@dataclass(frozen=True, eq=False)
class DgexProblem(Problem[Dgex]):
    """Squared error, summed over the targets and averaged over the samples, with D-GEX's own descent.

    The shown loss is the mean absolute error over the targets. The public code trains two networks of 4,760 targets
    each, a memory limit of its day; this is one network for all.
    """

    kind = "D-GEX"
    settings = DgexConfiguration
    measured = "landmark genes"

    configuration: DgexConfiguration
    landmarks: int
    targets: int

    @property
    def monitored(self) -> int:
        """Training samples whose error steers the step size."""
        return self.configuration.monitored

    @property
    def static_key(self) -> Mapping[str, Any]:
        """What decides the computation."""
        names = {"layers", "units", "dropout", "momentum", "decay", "lowest_learning_rate", "later_layers"}
        chosen = self.configuration.model_dump(mode="json", include={*names, "monitored", "precision"})
        chosen["learning_rate"] = self.configuration.first_learning_rate
        return {"kind": self.kind, "landmarks": self.landmarks, "targets": self.targets, **chosen}

    @functools.cached_property
    def optimiser(self) -> optax.GradientTransformation:
        """Gradient descent with momentum and a factor for later layers."""
        chosen = self.configuration
        return dgex_sgd(chosen.first_learning_rate, chosen.momentum, chosen.later_layers)

    def losses(
        self, parameters: Parameters, batch: Batch, key: jax.Array | None
    ) -> tuple[jax.Array, jax.Array]:
        """Sum of squared errors, and mean absolute error, of each sample."""
        landmarks, targets = batch
        error = self.network(parameters)(landmarks, key) - targets
        return jnp.sum(jnp.square(error), axis=1), jnp.mean(jnp.abs(error), axis=1)

    def adapt(
        self, optimiser_state: DgexState, monitored_loss: jax.Array, validation_objective: jax.Array
    ) -> DgexState:
        """Shrink the step size where the training error rose."""
        chosen = self.configuration
        return shrink_where_it_rose(
            optimiser_state, monitored_loss, chosen.decay, chosen.lowest_learning_rate
        )

    @property
    def inputs(self) -> int:
        """Number of landmark genes."""
        return self.landmarks

    @classmethod
    def restored(cls, configuration: DgexConfiguration, arrays: Mapping[str, Any]) -> tuple[Self, Parameters]:
        """Undo ``stored``."""
        landmarks, targets = arrays["hidden_1"]["kernel"].shape[0], arrays["output"]["kernel"].shape[1]
        return cls(configuration, landmarks, targets), arrays

    def build(self, rngs: nnx.Rngs) -> Dgex:
        """Make the network with starting weights."""
        chosen = self.configuration.model_dump(include={"layers", "units", "dropout", "precision"})
        return Dgex(self.landmarks, self.targets, **chosen, rngs=rngs)


TrainedDgex = Trained[DgexProblem]


def train_dgex(
    landmarks: Samples | Source,
    targets: Samples | Source,
    validation_landmarks: Samples | Source,
    validation_targets: Samples | Source,
    configuration: DgexConfiguration,
    *,
    directory: Path | None = None,
    report: Report = silent,
) -> TrainedDgex:
    """Train D-GEX on genes standardised alike, [samples, landmarks] and [samples, targets]; otherwise as ``fit``.

    Raises BadConfiguration if the configuration does not suit the data or the machine, and BadData if samples or genes
    of the tables do not agree.
    """
    train, validation = paired(landmarks, targets, validation_landmarks, validation_targets)
    check_against_data(configuration, train.samples, sum(train.widths), memory_bytes())
    problem = DgexProblem(configuration, *train.widths)
    return fit(problem, train, validation, directory=directory, report=report)
