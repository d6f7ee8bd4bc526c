"""What the autoencoder of Kong et al. 2021 minimises, and how."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import optax
from flax import nnx

from landmark.nets.autoencoder import Autoencoder
from landmark.training.configuration import AutoencoderConfiguration
from landmark.training.module_problem import ModuleProblem
from landmark.training.problem import Batch, Parameters

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
