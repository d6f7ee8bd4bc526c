"""Operations on two operands: sums of any variables, products and quotients of functions of one variable.

For functions of one variable the secant obeys exact rules, much as the derivative does:
``a b`` has slope ``slope(a) mean(b) + mean(a) slope(b)``, with the mean over input and reference. So a composite such
as ``z * sigmoid(z)`` gets the secant of the whole, with no difference of nearly equal values taken anywhere.
"""

from collections.abc import Sequence

import jax
import jax.numpy as jnp

from landmark.attribution.rules import secants
from landmark.attribution.rules.operation import (
    Operand,
    Operation,
    Root,
    Rule,
    Varying,
    reference_of,
    shared_root,
    slope_of,
    value_of,
)

_PRODUCT = "it multiplies two values that depend on different variables of the input"
_QUOTIENT = "it divides two values that depend on different variables of the input"
_LARGER = "it compares two values that depend on different variables of the input"


def _add(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    a, b = operands
    sign = -1.0 if operation.name == "sub" else 1.0
    value, reference = _both(operation, operands)
    slopes = slope_of(a, operation.name), sign * slope_of(b, operation.name)
    roots = [operand.root for operand in operands if isinstance(operand, Varying)]
    if roots[0] is roots[-1]:
        return [Varying(value, reference, roots[0], slopes[0] + slopes[1])]
    tangents = [operand.tangent for operand in operands if isinstance(operand, Varying)]
    return [Varying.start(value, reference, jnp.broadcast_to(tangents[0] + sign * tangents[1], value.shape))]


def _multiply(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    a, b = operands
    root = shared_root(operands, operation.name, _PRODUCT)
    value, reference = _both(operation, operands)
    slope = slope_of(a, operation.name) * _mean(b) + _mean(a) * slope_of(b, operation.name)
    if isinstance(a, Varying) and isinstance(b, Varying):
        slope = _refined(value, reference, root, slope)
    return [Varying(value, reference, root, slope)]


def _divide(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    a, b = operands
    root = shared_root(operands, operation.name, _QUOTIENT)
    value, reference = _both(operation, operands)
    slope = (slope_of(a, operation.name) - reference * slope_of(b, operation.name)) / value_of(b)
    if isinstance(b, Varying):
        slope = _refined(value, reference, root, slope)
    return [Varying(value, reference, root, slope)]


def _extreme(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    """The larger, or the smaller, of two: with a constant zero the ReLU, whose slope at zero is taken as zero."""
    a, b = operands
    root = shared_root(operands, operation.name, _LARGER)
    value, reference = _both(operation, operands)
    lead = value_of(a) - value_of(b)
    lead0 = reference_of(a) - reference_of(b)
    if operation.name == "min":
        lead, lead0 = -lead, -lead0
    slope = jnp.where(lead > 0, slope_of(a, operation.name), 0.0)
    slope = slope + jnp.where(lead < 0, slope_of(b, operation.name), 0.0)
    crossing = secants.quotient(value, reference, root.value, root.reference, slope)
    return [Varying(value, reference, root, jnp.where(jnp.sign(lead) == jnp.sign(lead0), slope, crossing))]


def _both(operation: Operation, operands: Sequence[Operand]) -> tuple[jax.Array, jax.Array]:
    (value,) = operation.evaluate(*map(value_of, operands))
    (reference,) = operation.evaluate(*map(reference_of, operands))
    return value, reference


def _mean(operand: Operand) -> jax.Array:
    if not isinstance(operand, Varying):
        return operand
    return (operand.value + operand.reference) / 2


def _refined(value: jax.Array, reference: jax.Array, root: Root, slope: jax.Array) -> jax.Array:
    return secants.refined(value, reference, root.value, root.reference, slope)


RULES: dict[str, Rule] = {
    "add": _add,
    "add_any": _add,
    "div": _divide,
    "max": _extreme,
    "min": _extreme,
    "mul": _multiply,
    "sub": _add,
}
