"""What the concrete autoencoder minimises, and how it cools."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import optax
from flax import nnx

from landmark.nets.concrete import ConcreteAutoencoder
from landmark.training.concrete_configuration import ConcreteConfiguration
from landmark.training.module_problem import ModuleProblem
from landmark.training.problem import Batch, Parameters

CLOCK = "clock"
"""Parameter that counts the steps taken: the temperature follows from it, and a checkpoint keeps it."""


@dataclass(frozen=True, eq=False)
class ConcreteProblem(ModuleProblem[ConcreteAutoencoder]):
    """Mean squared error of the restored genes, with Adam, while the temperature falls with every step.

    The shown loss is the mean absolute error. Evaluated without a key, every neuron takes its most likely gene.

    Attributes
    ----------
    genes, neurons, given, barred
        As for ``ConcreteAutoencoder``.
    steps
        Steps of the whole training.
    """

    configuration: ConcreteConfiguration
    genes: int
    neurons: int
    given: tuple[int, ...]
    barred: tuple[int, ...]
    steps: int

    @property
    def identity(self) -> Mapping[str, Any]:
        """What decides the computation."""
        names = {"learning_rate", "logit_learning_rate", "start_temperature", "end_temperature"}
        return {
            "kind": "concrete autoencoder",
            "genes": self.genes,
            "neurons": self.neurons,
            "given": list(self.given),
            "barred": list(self.barred),
            "steps": self.steps,
            **self.configuration.model_dump(mode="json", include=names),
        }

    @functools.cached_property
    def optimiser(self) -> optax.GradientTransformation:
        """Adam with one step size for logits and one for the decoder; the clock advances by one."""
        chosen = self.configuration
        return _adam_and_clock({"logits": chosen.logit_learning_rate, "decoder": chosen.learning_rate})

    def initialise(self, key: jax.Array) -> Parameters:
        """Draw starting weights, and set the clock to 0."""
        return super().initialise(key) | {CLOCK: jnp.float32(0)}

    def losses(
        self, parameters: Parameters, batch: Batch, key: jax.Array | None
    ) -> tuple[jax.Array, jax.Array]:
        """Mean squared and mean absolute error of each sample."""
        (x,) = batch
        error = self.network(parameters)(x, self.temperature(parameters[CLOCK]), key) - x
        return jnp.mean(jnp.square(error), axis=1), jnp.mean(jnp.abs(error), axis=1)

    def temperature(self, step: jax.Array) -> jax.Array:
        """Temperature of a step, counted from 0: it falls by the same factor with every step."""
        chosen = self.configuration
        ratio = chosen.end_temperature / chosen.start_temperature
        return chosen.start_temperature * ratio ** (jax.lax.stop_gradient(step) / max(self.steps - 1, 1))

    def network(self, parameters: Parameters) -> ConcreteAutoencoder:
        """Put all parameters but the clock into the network."""
        return super().network(_weights(parameters))

    def build(self, rngs: nnx.Rngs) -> ConcreteAutoencoder:
        """Make the network with starting weights."""
        return ConcreteAutoencoder(self.genes, self.neurons, self.given, self.barred, rngs=rngs)


def _weights(parameters: Parameters) -> Parameters:
    return {name: values for name, values in parameters.items() if name != CLOCK}


def _adam_and_clock(learning_rates: Mapping[str, float]) -> optax.GradientTransformation:
    """Adam for all but the clock, which advances by one with every step."""
    adam = optax.scale_by_adam()

    def initialise(parameters: Parameters) -> Any:
        return adam.init(_weights(parameters))

    def update(
        gradients: Parameters, state: Any, parameters: Parameters | None = None
    ) -> tuple[Parameters, Any]:
        directions, state = adam.update(_weights(gradients), state)
        steps = {
            name: jax.tree.map(lambda direction, rate=rate: -rate * direction, directions[name])
            for name, rate in learning_rates.items()
        }
        return {**steps, CLOCK: jnp.float32(1)}, state

    return optax.GradientTransformation(initialise, update)
