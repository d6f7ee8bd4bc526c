"""Adam with a clipped gradient, weight decay, and a step size that shrinks when the error no longer falls."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax

from landmark.training.problem import Parameters

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
