"""Linear operations: multipliers pass through their weights, as gradients do."""

from collections.abc import Sequence

import jax

from landmark.attribution.rules.operation import (
    Operand,
    Operation,
    Rule,
    Varying,
    is_predicate,
    reference_of,
    unsupported,
    value_of,
)

_IN_FIRST_OPERAND = (
    "broadcast_in_dim",
    "cumsum",
    "dynamic_slice",
    "gather",
    "reduce_sum",
    "reduce_window_sum",
    "reshape",
    "rev",
    "slice",
    "split",
    "squeeze",
    "tile",
    "transpose",
    "unstack",
)
_IN_ALL_OPERANDS = ("concatenate", "pad", "stack")
_IN_EITHER_OPERAND = ("conv_general_dilated", "dot_general")


def push_linear(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    """Push values through as they are, and the tangent through JAX's own derivative, which is the map itself."""
    varies = [position for position, operand in enumerate(operands) if isinstance(operand, Varying)]
    if any(is_predicate(operand) for operand in operands):
        raise unsupported(operation.name, "it calculates with a condition on the input")

    def apply(arrays: Sequence[jax.Array]) -> list[jax.Array]:
        filled = [value_of(operand) for operand in operands]
        for position, array in zip(varies, arrays, strict=True):
            filled[position] = array
        return operation.evaluate(*filled)

    values = [value_of(operands[position]) for position in varies]
    references = [reference_of(operands[position]) for position in varies]
    tangents = [operand.tangent for operand in operands if isinstance(operand, Varying)]
    results, result_tangents = jax.jvp(apply, (values,), (tangents,))
    return [
        Varying.start(*triple) for triple in zip(results, apply(references), result_tangents, strict=True)
    ]


def _linear_in(*positions: int) -> Rule:
    """Make the rule of an operation that is linear in some operands, while the others say where to read or write."""

    def rule(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
        if any(isinstance(operand, Varying) for n, operand in enumerate(operands) if n not in positions):
            raise unsupported(operation.name, "which elements it takes depends on the input")
        return push_linear(operation, operands)

    return rule


def _one_of_two(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    if all(isinstance(operand, Varying) for operand in operands):
        raise unsupported(operation.name, "it multiplies two values that both depend on the input")
    return push_linear(operation, operands)


RULES: dict[str, Rule] = {
    **dict.fromkeys(_IN_FIRST_OPERAND, _linear_in(0)),
    **dict.fromkeys(_IN_ALL_OPERANDS, push_linear),
    **dict.fromkeys(_IN_EITHER_OPERAND, _one_of_two),
    "dynamic_update_slice": _linear_in(0, 1),
    "scatter": _linear_in(0, 2),
    "scatter-add": _linear_in(0, 2),
}
