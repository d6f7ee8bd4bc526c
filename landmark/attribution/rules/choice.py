"""Conditions on the input and the choice between values, as in ``where(z > 0, z, expm1(z))``."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp

from landmark.attribution.rules import secants
from landmark.attribution.rules.linear import push_linear
from landmark.attribution.rules.operation import (
    Operand,
    Operation,
    Rule,
    Varying,
    reference_of,
    shared_root,
    slope_of,
    value_of,
)

_COMPARES = "it compares two values that depend on different variables of the input"
_CHOOSES = "its condition and its values depend on different variables of the input"


def _compare(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    root = shared_root(operands, operation.name, _COMPARES)
    (value,) = operation.evaluate(*map(value_of, operands))
    (reference,) = operation.evaluate(*map(reference_of, operands))
    return [Varying(value, reference, root, None)]


def _select(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    which, *cases = operands
    if not jnp.issubdtype(value_of(cases[0]).dtype, jnp.floating):
        return _compare(operation, operands)
    if isinstance(which, Varying):
        return _select_by_input(operation, which, cases)
    roots = {id(case.root) for case in cases if isinstance(case, Varying)}
    if len(roots) > 1:
        return push_linear(operation, operands)
    root = shared_root(cases, operation.name, _CHOOSES)
    (value,) = operation.evaluate(which, *map(value_of, cases))
    (reference,) = operation.evaluate(which, *map(reference_of, cases))
    return [Varying(value, reference, root, _slope(operation, which, cases, value))]


def _select_by_input(operation: Operation, which: Varying, cases: Sequence[Operand]) -> list[Operand]:
    """Where input and reference fall on the same side the slope of that side, else the quotient across."""
    root = shared_root([which, *cases], operation.name, _CHOOSES)
    (value,) = operation.evaluate(which.value, *map(value_of, cases))
    (reference,) = operation.evaluate(which.reference, *map(reference_of, cases))
    within = _slope(operation, which.value, cases, value)
    across = secants.quotient(value, reference, root.value, root.reference, within)
    return [Varying(value, reference, root, jnp.where(which.value == which.reference, within, across))]


def _slope(operation: Operation, which: jax.Array, cases: Sequence[Operand], value: jax.Array) -> jax.Array:
    slopes = [jnp.broadcast_to(slope_of(case, operation.name), value.shape) for case in cases]
    return jax.lax.select_n(which, *(slope.astype(value.dtype) for slope in slopes))


RULES: dict[str, Rule] = {
    **dict.fromkeys(("and", "eq", "ge", "gt", "is_finite", "le", "lt", "ne", "not", "or", "xor"), _compare),
    "select_n": _select,
}
