"""The gradient descent of D-GEX: momentum, faster later layers, and a step size that shrinks by need."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax

from landmark.training.problem import Parameters

FIRST_LAYER = "hidden_1"


class RecipeState(NamedTuple):
    """What the recipe remembers.

    Attributes
    ----------
    velocity
        The last step of every parameter.
    learning_rate
        Of the coming epoch.
    monitored_loss
        Training loss on the monitored samples after the last epoch; infinite before the first.
    """

    velocity: Parameters
    learning_rate: jax.Array
    monitored_loss: jax.Array


def dgex_recipe(learning_rate: float, momentum: float, later_layers: float) -> optax.GradientTransformation:
    """Gradient descent as in the public D-GEX code (pylearn2's ``SGD`` with ``Momentum``).

    ``velocity = momentum * velocity - learning_rate * factor * gradient`` and the velocity is the step;
    ``factor`` is ``later_layers`` for kernels of every layer but the first, and 1 for all else.
    """

    def initialise(parameters: Parameters) -> RecipeState:
        velocity = jax.tree.map(jnp.zeros_like, parameters)
        return RecipeState(velocity, jnp.float32(learning_rate), jnp.float32(jnp.inf))

    def update(
        gradients: Parameters, state: RecipeState, parameters: Parameters | None = None
    ) -> tuple[Parameters, RecipeState]:
        def step(path: Any, velocity: jax.Array, gradient: jax.Array) -> jax.Array:
            layer, kind = (key.key for key in path)
            factor = later_layers if kind == "kernel" and layer != FIRST_LAYER else 1.0
            return momentum * velocity - state.learning_rate * factor * gradient

        velocity = jax.tree.map_with_path(step, state.velocity, gradients)
        return velocity, state._replace(velocity=velocity)

    return optax.GradientTransformation(initialise, update)


def adapt_learning_rate(
    state: RecipeState, monitored_loss: jax.Array, decay: float, lowest: float
) -> RecipeState:
    """Shrink the step size by ``decay``, not below ``lowest``, where the monitored loss rose."""
    rose = monitored_loss > state.monitored_loss
    shrunk = jnp.maximum(state.learning_rate * decay, lowest)
    return state._replace(
        learning_rate=jnp.where(rose, shrunk, state.learning_rate), monitored_loss=monitored_loss
    )
