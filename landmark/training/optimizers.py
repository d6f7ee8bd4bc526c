"""The descents of D-GEX and of the graph network; what decides the step size of the coming epoch is in their state."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax

from landmark.training.problem import Parameters

FIRST_LAYER = "hidden_1"


class DgexState(NamedTuple):
    """The last step of every parameter, the step size of the coming epoch, and the last epoch's monitored loss.

    The loss is infinite before the first epoch.
    """

    velocity: Parameters
    learning_rate: jax.Array
    monitored_loss: jax.Array


def dgex_sgd(learning_rate: float, momentum: float, later_layers: float) -> optax.GradientTransformation:
    """Gradient descent as in the public D-GEX code (pylearn2's ``SGD`` with ``Momentum``).

    ``velocity = momentum * velocity - learning_rate * factor * gradient`` and the velocity is the step; ``factor`` is
    ``later_layers`` for kernels of every layer but the first, and 1 for all else.
    """
    # Not optax.trace on partitioned scales: it adds the two products in the other order, a processor that fuses one of
    # them with the sum then rounds otherwise, and trainings of one seed would no longer be equal bit by bit.

    def initialise(parameters: Parameters) -> DgexState:
        velocity = jax.tree.map(jnp.zeros_like, parameters)
        return DgexState(velocity, jnp.float32(learning_rate), jnp.float32(jnp.inf))

    def update(
        gradients: Parameters, state: DgexState, parameters: Parameters | None = None
    ) -> tuple[Parameters, DgexState]:
        def step(path: Any, velocity: jax.Array, gradient: jax.Array) -> jax.Array:
            layer, kind = (key.key for key in path)
            factor = later_layers if kind == "kernel" and layer != FIRST_LAYER else 1.0
            return momentum * velocity - state.learning_rate * factor * gradient

        velocity = jax.tree.map_with_path(step, state.velocity, gradients)
        return velocity, state._replace(velocity=velocity)

    return optax.GradientTransformation(initialise, update)


def shrink_where_it_rose(
    state: DgexState, monitored_loss: jax.Array, decay: float, lowest: float
) -> DgexState:
    """Shrink the step size by ``decay``, not below ``lowest``, where the monitored loss rose."""
    shrunk = jnp.maximum(state.learning_rate * decay, lowest)
    rate = jnp.where(monitored_loss > state.monitored_loss, shrunk, state.learning_rate)
    return state._replace(learning_rate=rate, monitored_loss=monitored_loss)


NOTICED = 1e-4
"""A fall of the error by a smaller share than this does not count, as in PyTorch's ``ReduceLROnPlateau``."""


AdamState = Any
"""Of ``optax.inject_hyperparams``: the ``hyperparams``, and what Adam itself keeps."""


def clipped_adam(learning_rate: float, weight_decay: float, clip: float) -> optax.GradientTransformation:
    """Adam as PyTorch's with ``weight_decay``, on gradients cut to the length ``clip`` all together.

    The state remembers the least error so far, infinite before the first epoch, and the epochs waited since then or
    since the step size shrank.
    """

    def descent(
        learning_rate: jax.Array, least: jax.Array, waited: jax.Array
    ) -> optax.GradientTransformation:
        return optax.chain(
            optax.clip_by_global_norm(clip),
            optax.add_decayed_weights(weight_decay),
            optax.adam(learning_rate),
        )

    return optax.inject_hyperparams(descent)(learning_rate, jnp.inf, 0)


def shrink_on_plateau(state: AdamState, error: jax.Array, decay: float, patience: int) -> AdamState:
    """Multiply the step size by ``decay`` after more than ``patience`` epochs without a lower error."""
    # Not optax.contrib.reduce_on_plateau: it wants its value at every step, and refuses a decay of 1.
    rate, least, waited = (state.hyperparams[name] for name in ("learning_rate", "least", "waited"))
    better = error < least * (1 - NOTICED)
    waited = jnp.where(better, 0, waited + 1)
    shrink = waited > patience
    return state._replace(
        hyperparams={
            "learning_rate": jnp.where(shrink, rate * decay, rate),
            "least": jnp.where(better, error, least),
            "waited": jnp.where(shrink, 0, waited),
        }
    )
