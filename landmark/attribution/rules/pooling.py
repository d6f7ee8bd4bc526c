"""Max pooling: the difference of a window goes to the element that decides it.

Convention of captum: where the input's maximum ``y`` exceeds the reference's maximum ``y0``
the whole difference ``y - y0`` is credited to the position of the input's maximum; where it is smaller, to the
position of the reference's maximum. Either way the contributions of a window sum to ``y - y0``.
"""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
from jax import lax

from landmark.attribution.rules import secants
from landmark.attribution.rules.operation import (
    Operand,
    Operation,
    Rule,
    Varying,
    is_predicate,
    only,
    unsupported,
)

Pool = Callable[[jax.Array], jax.Array]


def _window(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    return _pool(operation, operands, lambda x: operation.evaluate(x)[0])


def _reduce(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    """Maximum over whole axes, as one window, so that of equal elements one is chosen as in pooling."""
    axes = operation.params["axes"]
    largest = operation.name == "reduce_max"
    start = -jnp.inf if largest else jnp.inf

    def pool(x: jax.Array) -> jax.Array:
        window = tuple(size if axis in axes else 1 for axis, size in enumerate(x.shape))
        reduced = lax.reduce_window(x, start, lax.max if largest else lax.min, window, (1,) * x.ndim, "VALID")
        return lax.squeeze(reduced, axes)

    return _pool(operation, operands, pool)


def _pool(operation: Operation, operands: Sequence[Operand], pool: Pool) -> list[Operand]:
    operand = only(operands)
    if is_predicate(operand):
        raise unsupported(operation.name, "it calculates with a condition on the input")
    x, x0 = operand.value, operand.reference
    tangent = operand.tangent

    def chosen_by(decider: jax.Array, values: jax.Array) -> jax.Array:
        """Values at the positions of the decider's maxima: the derivative of pooling picks them."""
        return jax.jvp(pool, (decider,), (values,))[1]

    y, y0 = pool(x), pool(x0)
    by_input = y >= y0 if operation.name.endswith("max") else y <= y0
    # The element that decides differs by at least as much as the maxima do, so the quotient is safe; where it
    # does not differ at all, neither do they.
    start = jnp.where(by_input, y, chosen_by(x0, x))
    end = jnp.where(by_input, chosen_by(x, x0), y0)
    slope = secants.quotient(y, y0, start, end, jnp.ones_like(y))
    chosen = jnp.where(by_input, chosen_by(x, tangent), chosen_by(x0, tangent))
    return [Varying.start(y, y0, slope * chosen)]


RULES: dict[str, Rule] = {
    "reduce_max": _reduce,
    "reduce_min": _reduce,
    "reduce_window_max": _window,
    "reduce_window_min": _window,
}
