"""One equation of a traced network, as the rules see it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jax
from jax.extend.core import JaxprEqn

from landmark.attribution.varying import Operand


@dataclass(frozen=True)
class Operation:
    """A primitive with its parameters.

    Attributes
    ----------
    name
        Name of the JAX primitive, such as ``dot_general``.
    params
        Its parameters.
    evaluate
        Applies it to arrays and returns the list of its results.
    """

    name: str
    params: Mapping[str, Any]
    evaluate: Callable[..., list[jax.Array]]

    @classmethod
    def of(cls, equation: JaxprEqn) -> "Operation":
        """Read an equation of a jaxpr."""
        primitive = equation.primitive
        params = primitive.get_bind_params(equation.params)

        def evaluate(*operands: jax.Array) -> list[jax.Array]:
            results = primitive.bind(*operands, **params)
            return list(results) if primitive.multiple_results else [results]

        return cls(primitive.name, equation.params, evaluate)


Rule = Callable[[Operation, Sequence[Operand]], list[Operand]]
"""Takes an operation and its operands, of which at least one varies; returns its results."""
