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


NOTICED = 1e-4
"""A fall of the error by a smaller share than this does not count, as in PyTorch's ``ReduceLROnPlateau``."""


class PlateauState(NamedTuple):
    """What the recipe remembers.

    Attributes
    ----------
    adam
        Of Adam.
    learning_rate
        Of the coming epoch.
    least
        Least error so far; infinite before the first epoch.
    waited
        Epochs since then, or since the step size shrank.
    """

    adam: Any
    learning_rate: jax.Array
    least: jax.Array
    waited: jax.Array


def adam_with_plateau(learning_rate: float, weight_decay: float, clip: float) -> optax.GradientTransformation:
    """Adam as PyTorch's with ``weight_decay``, on gradients cut to the length ``clip`` all together."""
    adam = optax.chain(
        optax.clip_by_global_norm(clip), optax.add_decayed_weights(weight_decay), optax.scale_by_adam()
    )

    def initialise(parameters: Parameters) -> PlateauState:
        start = jnp.float32(learning_rate), jnp.float32(jnp.inf), jnp.int32(0)
        return PlateauState(adam.init(parameters), *start)

    def update(
        gradients: Parameters, state: PlateauState, parameters: Parameters | None = None
    ) -> tuple[Parameters, PlateauState]:
        directions, inner = adam.update(gradients, state.adam, parameters)
        steps = jax.tree.map(lambda direction: -state.learning_rate * direction, directions)
        return steps, state._replace(adam=inner)

    return optax.GradientTransformation(initialise, update)


def shrink_on_plateau(state: PlateauState, error: jax.Array, decay: float, patience: int) -> PlateauState:
    """Multiply the step size by ``decay`` after more than ``patience`` epochs without a lower error."""
    better = error < state.least * (1 - NOTICED)
    waited = jnp.where(better, 0, state.waited + 1)
    shrink = waited > patience
    return PlateauState(
        state.adam,
        jnp.where(shrink, state.learning_rate * decay, state.learning_rate),
        jnp.where(better, error, state.least),
        jnp.where(shrink, 0, waited),
    )
