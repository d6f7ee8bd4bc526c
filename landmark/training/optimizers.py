"""The descents of D-GEX and of the graph network; what decides the step size of the coming epoch is in their state."""

from typing import Any

import jax
import jax.numpy as jnp
import optax

FIRST_LAYER = "hidden_1"

State = Any
"""Of ``optax.inject_hyperparams``: the ``hyperparams``, and what the descent itself keeps."""


def dgex_sgd(learning_rate: float, momentum: float, later_layers: float) -> optax.GradientTransformation:
    """Gradient descent as in the public D-GEX code (pylearn2's ``SGD`` with ``Momentum``).

    Kernels of every layer but the first take steps ``later_layers`` times as large. The state remembers the monitored
    loss of the last epoch, infinite before the first.
    """

    def descent(learning_rate: jax.Array, monitored_loss: jax.Array) -> optax.GradientTransformation:
        steps = {"plain": optax.scale(-learning_rate), "later": optax.scale(-learning_rate * later_layers)}
        return optax.chain(optax.partition(steps, _labels), optax.trace(momentum))

    return optax.inject_hyperparams(descent)(learning_rate, jnp.inf)


def _labels(parameters: Any) -> Any:
    def label(path: Any, _: jax.Array) -> str:
        layer, kind = (key.key for key in path)
        return "later" if kind == "kernel" and layer != FIRST_LAYER else "plain"

    return jax.tree.map_with_path(label, parameters)


def shrink_where_it_rose(state: State, monitored_loss: jax.Array, decay: float, lowest: float) -> State:
    """Shrink the step size by ``decay``, not below ``lowest``, where the monitored loss rose."""
    rate, before = state.hyperparams["learning_rate"], state.hyperparams["monitored_loss"]
    shrunk = jnp.where(monitored_loss > before, jnp.maximum(rate * decay, lowest), rate)
    return state._replace(hyperparams={"learning_rate": shrunk, "monitored_loss": monitored_loss})


NOTICED = 1e-4
"""A fall of the error by a smaller share than this does not count, as in PyTorch's ``ReduceLROnPlateau``."""


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


def shrink_on_plateau(state: State, error: jax.Array, decay: float, patience: int) -> State:
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
