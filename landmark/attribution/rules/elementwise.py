"""Elementwise functions of one operand: slopes are multiplied by the secant of the function (rescale rule)."""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp

from landmark.attribution.rules import secants
from landmark.attribution.rules.operation import (
    Operand,
    Operation,
    Rule,
    Varying,
    only,
    slope_of,
    unsupported,
    value_of,
)

Secant = Callable[..., jax.Array]


def _unary(secant: Secant, *parameters: str) -> Rule:
    """Make the rule of a function of one operand; ``parameters`` of the operation go on to its secant."""

    def rule(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
        operand = only(operands)
        slope = slope_of(operand, operation.name)
        chosen: dict[str, Any] = {name: operation.params[name] for name in parameters}
        (value,) = operation.evaluate(operand.value)
        (reference,) = operation.evaluate(operand.reference)
        return [
            Varying(
                value, reference, operand.root, secant(operand.value, operand.reference, **chosen) * slope
            )
        ]

    return rule


def _negate(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    operand = only(operands)
    return [Varying(-operand.value, -operand.reference, operand.root, -slope_of(operand, operation.name))]


def _same(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    return list(operands)


def _convert(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    """Change the type; a condition becomes a step from zero to one, whose slope is its quotient."""
    operand = only(operands)
    (value,) = operation.evaluate(operand.value)
    (reference,) = operation.evaluate(operand.reference)
    if not jnp.issubdtype(value.dtype, jnp.floating):
        raise unsupported(operation.name, "it turns a value that depends on the input into whole numbers")
    slope = operand.slope
    if slope is None:
        root = operand.root
        slope = secants.quotient(value, reference, root.value, root.reference, jnp.zeros_like(value))
    return [Varying(value, reference, operand.root, slope)]


def _clamp(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    """``clamp(low, z, high)`` with constant bounds."""
    low, operand, high = operands
    if isinstance(low, Varying) or isinstance(high, Varying) or not isinstance(operand, Varying):
        raise unsupported(operation.name, "its bounds depend on the input")

    def secant(z: jax.Array, z0: jax.Array) -> jax.Array:
        inside = ((z > low) & (z < high)).astype(z.dtype)
        return secants.quotient(jnp.clip(z, low, high), jnp.clip(z0, low, high), z, z0, inside)

    bounded = Operation(operation.name, {}, lambda z: operation.evaluate(low, z, high))
    return _unary(secant)(bounded, [operand])


def _power(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    """``base ** exponent`` with one of the two constant."""
    base, exponent = operands
    if isinstance(base, Varying) and isinstance(exponent, Varying):
        raise unsupported(operation.name, "base and exponent both depend on the input")
    if isinstance(base, Varying):
        constant = value_of(exponent)
        partial = Operation(operation.name, {}, lambda z: operation.evaluate(z, constant))
        return _unary(lambda z, z0: secants.power(z, z0, constant))(partial, [base])
    logarithm = jnp.log(value_of(base))
    partial = Operation(operation.name, {}, lambda z: operation.evaluate(base, z))
    return _unary(lambda z, z0: logarithm * secants.exp(logarithm * z, logarithm * z0))(partial, [exponent])


RULES: dict[str, Rule] = {
    "abs": _unary(secants.absolute),
    "cbrt": _unary(secants.cbrt),
    "cos": _unary(secants.cos),
    "erf": _unary(secants.erf),
    "erfc": _unary(secants.erfc),
    "exp": _unary(secants.exp),
    "exp2": _unary(secants.exp2),
    "expm1": _unary(secants.exp),
    "integer_pow": _unary(secants.integer_pow, "y"),
    "log": _unary(secants.log),
    "log1p": _unary(secants.log1p),
    "logistic": _unary(secants.logistic),
    "rsqrt": _unary(secants.rsqrt),
    "sign": _unary(secants.sign),
    "sin": _unary(secants.sin),
    "sqrt": _unary(secants.sqrt),
    "square": _unary(secants.square),
    "tanh": _unary(secants.tanh),
    "clamp": _clamp,
    "convert_element_type": _convert,
    "copy": _same,
    "name": _same,
    "neg": _negate,
    "pow": _power,
}
