"""One operation of a traced network, and the values that vary with its input, as the rules see them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import jax
import jax.numpy as jnp
from jax.extend.core import JaxprEqn

from landmark.errors import BadConfiguration

Slope = jax.Array | float

SUPPORTED = (
    "Supported are linear maps with constant weights (dense, convolution, average pooling, reshaping, slicing, "
    "sums), elementwise functions of one variable (sigmoid, tanh, ReLU, ELU, GELU, softplus, SiLU, exp, log, "
    "powers and compositions of them) and max pooling"
)


@dataclass(frozen=True)
class Root:
    """The variable of an elementwise function, such as one pre-activation.

    Attributes
    ----------
    value, reference
        The variable computed from the input and from the reference.
    tangent
        Its rescale-linearised difference from the reference: a linear function of the input's difference.
    """

    value: jax.Array
    reference: jax.Array
    tangent: jax.Array


@dataclass(frozen=True)
class Varying:
    """A value that depends on the input, seen as an elementwise function ``g`` of its root ``z``.

    Keeping the root is what lets a product such as ``z * sigmoid(z)`` count as one non-linearity of one
    variable, and tells it from a product of two variables, for which the rescale rule is not defined.

    Attributes
    ----------
    value, reference
        ``g(z)`` and ``g(z0)``.
    root
        The variable ``z``.
    slope
        The secant ``(g(z) - g(z0)) / (z - z0)``, and ``g'(z)`` where the difference vanishes. None for a
        condition such as ``z > 0`` and what follows from it in whole numbers, which have no slope.
    """

    value: jax.Array
    reference: jax.Array
    root: Root
    slope: Slope | None

    @classmethod
    def start(cls, value: jax.Array, reference: jax.Array, tangent: jax.Array) -> "Varying":
        """Start a new variable, from which elementwise functions may follow."""
        return cls(value, reference, Root(value, reference, tangent), 1.0)

    @property
    def tangent(self) -> jax.Array:
        """The rescale-linearised difference of this value, of the value's shape and type."""
        tangent = self.root.tangent * self.slope if self.slope is not None else jnp.zeros(())
        return jnp.broadcast_to(tangent, self.value.shape).astype(self.value.dtype)


Operand = jax.Array | Varying


def value_of(operand: Operand) -> jax.Array:
    """Value computed from the input."""
    return operand.value if isinstance(operand, Varying) else operand


def reference_of(operand: Operand) -> jax.Array:
    """Value computed from the reference."""
    return operand.reference if isinstance(operand, Varying) else operand


def only(operands: Sequence[Operand]) -> Varying:
    """Return the operand of a function of one operand. It varies: rules are not called for constants."""
    (operand,) = cast(Sequence[Varying], operands)
    return operand


def slope_of(operand: Operand, name: str) -> Slope:
    """Slope of an operand of the operation ``name``, zero for a constant."""
    if not isinstance(operand, Varying):
        return 0.0
    if operand.slope is None:
        raise unsupported(name, "it calculates with a condition on the input")
    return operand.slope


def shared_root(operands: Sequence[Operand], name: str, problem: str) -> Root:
    """Return the one variable of which all varying operands are elementwise functions.

    Raises
    ------
    BadConfiguration
        The operands depend on different variables; ``problem`` says what the operation ``name`` does with them.
    """
    roots = [operand.root for operand in operands if isinstance(operand, Varying)]
    if any(root is not roots[0] for root in roots):
        raise unsupported(name, problem)
    return roots[0]


def unsupported(name: str, problem: str = "it has no rule here") -> BadConfiguration:
    """Build the error for an operation through which the rescale rule cannot pass."""
    return BadConfiguration(
        f"DeepLIFT cannot pass through the operation '{name}' of this network: {problem}. {SUPPORTED}."
    )


def is_predicate(operand: Operand) -> bool:
    """Tell whether an operand is a condition on the input."""
    return isinstance(operand, Varying) and operand.slope is None


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
