"""What D-GEX minimises, and how."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import optax
from flax import nnx

from landmark.nets.dgex import Dgex
from landmark.training.configuration import DgexConfiguration
from landmark.training.module_problem import ModuleProblem
from landmark.training.problem import Batch, Parameters
from landmark.training.recipe import RecipeState, adapt_learning_rate, dgex_recipe


@dataclass(frozen=True, eq=False)
class DgexProblem(ModuleProblem[Dgex]):
    """Squared error, summed over the targets and averaged over the samples, with D-GEX's own descent.

    The shown loss is the mean absolute error over the targets. The public code trains two networks of 4,760
    targets each, a memory limit of its day; this is one network for all.
    """

    configuration: DgexConfiguration
    landmarks: int
    targets: int

    @property
    def monitored(self) -> int:
        """Training samples whose error steers the step size."""
        return self.configuration.monitored

    @property
    def identity(self) -> Mapping[str, Any]:
        """What decides the computation."""
        names = {"layers", "units", "dropout", "momentum", "decay", "lowest_learning_rate", "later_layers"}
        chosen = self.configuration.model_dump(mode="json", include={*names, "monitored", "precision"})
        chosen["learning_rate"] = self.configuration.first_learning_rate
        return {"kind": "D-GEX", "landmarks": self.landmarks, "targets": self.targets, **chosen}

    @functools.cached_property
    def optimiser(self) -> optax.GradientTransformation:
        """Gradient descent with momentum and a factor for later layers."""
        chosen = self.configuration
        return dgex_recipe(chosen.first_learning_rate, chosen.momentum, chosen.later_layers)

    def losses(
        self, parameters: Parameters, batch: Batch, key: jax.Array | None
    ) -> tuple[jax.Array, jax.Array]:
        """Sum of squared errors, and mean absolute error, of each sample."""
        landmarks, targets = batch
        error = self.network(parameters)(landmarks, key) - targets
        return jnp.sum(jnp.square(error), axis=1), jnp.mean(jnp.abs(error), axis=1)

    def adapt(
        self, optimiser_state: RecipeState, monitored_loss: jax.Array, validation_objective: jax.Array
    ) -> RecipeState:
        """Shrink the step size where the training error rose."""
        chosen = self.configuration
        return adapt_learning_rate(optimiser_state, monitored_loss, chosen.decay, chosen.lowest_learning_rate)

    def __call__(self, parameters: Parameters, x: jax.Array) -> jax.Array:
        """Apply the network, without dropout, to [samples, landmarks]."""
        return self.network(parameters)(x)

    def build(self, rngs: nnx.Rngs) -> Dgex:
        """Make the network with starting weights."""
        chosen = self.configuration
        return Dgex(
            self.landmarks,
            self.targets,
            chosen.layers,
            chosen.units,
            dropout=chosen.dropout,
            precision=chosen.precision,
            rngs=rngs,
        )
