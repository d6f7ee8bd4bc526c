"""The rescale rule of DeepLIFT for every JAX primitive: how a difference from the reference passes through it.

A value that depends on the input is kept as an elementwise function of one variable (``Varying``). Linear operations
start new variables; functions of one variable multiply slopes by their secant.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import jax
import jax.numpy as jnp
from jax import lax
from jax.extend.core import JaxprEqn

from landmark.attribution import secants
from landmark.errors import BadConfiguration

_Slope = jax.Array | float

_SUPPORTED = (
    "Supported are linear maps with constant weights (dense, convolution, average pooling, reshaping, slicing, "
    "sums), elementwise functions of one variable (sigmoid, tanh, ReLU, ELU, GELU, softplus, SiLU, exp, log, "
    "powers and compositions of them) and max pooling"
)


@dataclass(frozen=True)
class _Root:
    """The variable of an elementwise function, such as one pre-activation, for the input and for the reference.

    Its tangent is the rescale-linearised difference of the two: a linear function of the input's difference.
    """

    value: jax.Array
    reference: jax.Array
    tangent: jax.Array


@dataclass(frozen=True)
class Varying:
    """A value that depends on the input, seen as an elementwise function ``g`` of its root ``z``: ``g(z)``, ``g(z0)``.

    Keeping the root is what lets a product such as ``z * sigmoid(z)`` count as one non-linearity of one variable, and
    tells it from a product of two variables, for which the rescale rule is not defined. The slope is the secant
    ``(g(z) - g(z0)) / (z - z0)``, and ``g'(z)`` where the difference vanishes; None for a condition such as ``z > 0``
    and what follows from it in whole numbers.
    """

    value: jax.Array
    reference: jax.Array
    root: _Root
    slope: _Slope | None

    @classmethod
    def start(cls, value: jax.Array, reference: jax.Array, tangent: jax.Array) -> "Varying":
        """Start a new variable, from which elementwise functions may follow."""
        return cls(value, reference, _Root(value, reference, tangent), 1.0)

    @property
    def tangent(self) -> jax.Array:
        """The rescale-linearised difference of this value, of the value's shape and type."""
        tangent = self.root.tangent * self.slope if self.slope is not None else jnp.zeros(())
        return jnp.broadcast_to(tangent, self.value.shape).astype(self.value.dtype)


Operand = jax.Array | Varying


def _value_of(operand: Operand) -> jax.Array:
    """Value computed from the input."""
    return operand.value if isinstance(operand, Varying) else operand


def _reference_of(operand: Operand) -> jax.Array:
    """Value computed from the reference."""
    return operand.reference if isinstance(operand, Varying) else operand


def _only(operands: Sequence[Operand]) -> Varying:
    """Return the operand of a function of one operand. It varies: rules are not called for constants."""
    (operand,) = cast(Sequence[Varying], operands)
    return operand


def _slope_of(operand: Operand, name: str) -> _Slope:
    """_Slope of an operand of the operation ``name``, zero for a constant."""
    if not isinstance(operand, Varying):
        return 0.0
    if operand.slope is None:
        raise unsupported(name, "it calculates with a condition on the input")
    return operand.slope


def _shared_root(operands: Sequence[Operand], name: str, problem: str) -> _Root:
    """Return the one variable of which all varying operands are elementwise functions.

    Raises BadConfiguration where there are several; ``problem`` says what the operation ``name`` does with them.
    """
    roots = [operand.root for operand in operands if isinstance(operand, Varying)]
    if any(root is not roots[0] for root in roots):
        raise unsupported(name, problem)
    return roots[0]


def unsupported(name: str, problem: str = "it has no rule here") -> BadConfiguration:
    """Build the error for an operation through which the rescale rule cannot pass."""
    return BadConfiguration(
        f"DeepLIFT cannot pass through the operation '{name}' of this network: {problem}. {_SUPPORTED}."
    )


def is_predicate(operand: Operand) -> bool:
    """Tell whether an operand is a condition on the input."""
    return isinstance(operand, Varying) and operand.slope is None


@dataclass(frozen=True)
class Operation:
    """A primitive: its name, such as ``dot_general``, its parameters, and its application to arrays."""

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


def _push_linear(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    """Push values through as they are, and the tangent through JAX's own derivative, which is the map itself."""
    varies = [position for position, operand in enumerate(operands) if isinstance(operand, Varying)]
    if any(is_predicate(operand) for operand in operands):
        raise unsupported(operation.name, "it calculates with a condition on the input")

    def apply(arrays: Sequence[jax.Array]) -> list[jax.Array]:
        filled = [_value_of(operand) for operand in operands]
        for position, array in zip(varies, arrays, strict=True):
            filled[position] = array
        return operation.evaluate(*filled)

    values = [_value_of(operands[position]) for position in varies]
    references = [_reference_of(operands[position]) for position in varies]
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
        return _push_linear(operation, operands)

    return rule


def _one_of_two(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    if all(isinstance(operand, Varying) for operand in operands):
        raise unsupported(operation.name, "it multiplies two values that both depend on the input")
    return _push_linear(operation, operands)


_PRODUCT = "it multiplies two values that depend on different variables of the input"
_QUOTIENT = "it divides two values that depend on different variables of the input"
_COMPARES = "it compares two values that depend on different variables of the input"
_CHOOSES = "its condition and its values depend on different variables of the input"


def _add(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    a, b = operands
    sign = -1.0 if operation.name == "sub" else 1.0
    value, reference = _both(operation, operands)
    slopes = _slope_of(a, operation.name), sign * _slope_of(b, operation.name)
    roots = [operand.root for operand in operands if isinstance(operand, Varying)]
    if roots[0] is roots[-1]:
        return [Varying(value, reference, roots[0], slopes[0] + slopes[1])]
    tangents = [operand.tangent for operand in operands if isinstance(operand, Varying)]
    return [Varying.start(value, reference, jnp.broadcast_to(tangents[0] + sign * tangents[1], value.shape))]


def _multiply(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    """Multiply functions of one variable: ``slope(a b) = slope(a) mean(b) + mean(a) slope(b)``.

    The mean is over input and reference. So ``z * sigmoid(z)`` gets the secant of the whole, without a difference of
    nearly equal values.
    """
    a, b = operands
    root = _shared_root(operands, operation.name, _PRODUCT)
    value, reference = _both(operation, operands)
    slope = _slope_of(a, operation.name) * _mean(b) + _mean(a) * _slope_of(b, operation.name)
    if isinstance(a, Varying) and isinstance(b, Varying):
        slope = _refined(value, reference, root, slope)
    return [Varying(value, reference, root, slope)]


def _divide(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    a, b = operands
    root = _shared_root(operands, operation.name, _QUOTIENT)
    value, reference = _both(operation, operands)
    slope = (_slope_of(a, operation.name) - reference * _slope_of(b, operation.name)) / _value_of(b)
    if isinstance(b, Varying):
        slope = _refined(value, reference, root, slope)
    return [Varying(value, reference, root, slope)]


def _extreme(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    """The larger, or the smaller, of two: with a constant zero the ReLU, whose slope at zero is taken as zero."""
    a, b = operands
    root = _shared_root(operands, operation.name, _COMPARES)
    value, reference = _both(operation, operands)
    lead = _value_of(a) - _value_of(b)
    lead0 = _reference_of(a) - _reference_of(b)
    if operation.name == "min":
        lead, lead0 = -lead, -lead0
    slope = jnp.where(lead > 0, _slope_of(a, operation.name), 0.0)
    slope = slope + jnp.where(lead < 0, _slope_of(b, operation.name), 0.0)
    crossing = secants.quotient(value, reference, root.value, root.reference, slope)
    return [Varying(value, reference, root, jnp.where(jnp.sign(lead) == jnp.sign(lead0), slope, crossing))]


def _both(operation: Operation, operands: Sequence[Operand]) -> tuple[jax.Array, jax.Array]:
    (value,) = operation.evaluate(*map(_value_of, operands))
    (reference,) = operation.evaluate(*map(_reference_of, operands))
    return value, reference


def _mean(operand: Operand) -> jax.Array:
    if not isinstance(operand, Varying):
        return operand
    return (operand.value + operand.reference) / 2


def _refined(value: jax.Array, reference: jax.Array, root: _Root, slope: jax.Array) -> jax.Array:
    return secants.refined(value, reference, root.value, root.reference, slope)


def _compare(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    root = _shared_root(operands, operation.name, _COMPARES)
    value, reference = _both(operation, operands)
    return [Varying(value, reference, root, None)]


def _select(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    which, *cases = operands
    if not jnp.issubdtype(_value_of(cases[0]).dtype, jnp.floating):
        return _compare(operation, operands)
    if isinstance(which, Varying):
        return _select_by_input(operation, which, cases)
    roots = {id(case.root) for case in cases if isinstance(case, Varying)}
    if len(roots) > 1:
        return _push_linear(operation, operands)
    root = _shared_root(cases, operation.name, _CHOOSES)
    value, reference = _both(operation, operands)
    return [Varying(value, reference, root, _case_slope(operation, which, cases, value))]


def _select_by_input(operation: Operation, which: Varying, cases: Sequence[Operand]) -> list[Operand]:
    """Where input and reference fall on the same side the slope of that side, else the quotient across."""
    root = _shared_root([which, *cases], operation.name, _CHOOSES)
    value, reference = _both(operation, [which, *cases])
    within = _case_slope(operation, which.value, cases, value)
    across = secants.quotient(value, reference, root.value, root.reference, within)
    return [Varying(value, reference, root, jnp.where(which.value == which.reference, within, across))]


def _case_slope(
    operation: Operation, which: jax.Array, cases: Sequence[Operand], value: jax.Array
) -> jax.Array:
    slopes = [jnp.broadcast_to(_slope_of(case, operation.name), value.shape) for case in cases]
    return jax.lax.select_n(which, *(slope.astype(value.dtype) for slope in slopes))


_Secant = Callable[..., jax.Array]


def _unary(secant: _Secant, *parameters: str) -> Rule:
    """Make the rule of a function of one operand; ``parameters`` of the operation go on to its secant."""

    def rule(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
        operand = _only(operands)
        slope = _slope_of(operand, operation.name)
        chosen: dict[str, Any] = {name: operation.params[name] for name in parameters}
        value, reference = _both(operation, operands)
        found = secant(operand.value, operand.reference, **chosen) * slope
        return [Varying(value, reference, operand.root, found)]

    return rule


def _negate(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    operand = _only(operands)
    return [Varying(-operand.value, -operand.reference, operand.root, -_slope_of(operand, operation.name))]


def _same(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    return list(operands)


def _convert(operation: Operation, operands: Sequence[Operand]) -> list[Operand]:
    """Change the type; a condition becomes a step from zero to one, whose slope is its quotient."""
    operand = _only(operands)
    value, reference = _both(operation, operands)
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
        constant = _value_of(exponent)
        partial = Operation(operation.name, {}, lambda z: operation.evaluate(z, constant))
        return _unary(lambda z, z0: secants.power(z, z0, constant))(partial, [base])
    logarithm = jnp.log(_value_of(base))
    partial = Operation(operation.name, {}, lambda z: operation.evaluate(base, z))
    return _unary(lambda z, z0: logarithm * secants.exp(logarithm * z, logarithm * z0))(partial, [exponent])


_Pool = Callable[[jax.Array], jax.Array]


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


def _pool(operation: Operation, operands: Sequence[Operand], pool: _Pool) -> list[Operand]:
    """Credit the difference ``y - y0`` of a window's maxima to the position that decides it (captum's convention).

    That is the position of the input's maximum where it is the larger, else of the reference's.
    """
    operand = _only(operands)
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
    "add": _add,
    "add_any": _add,
    "div": _divide,
    "max": _extreme,
    "min": _extreme,
    "mul": _multiply,
    "sub": _add,
    **dict.fromkeys(("and", "eq", "ge", "gt", "is_finite", "le", "lt", "ne", "not", "or", "xor"), _compare),
    "select_n": _select,
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
    **dict.fromkeys(_IN_FIRST_OPERAND, _linear_in(0)),
    **dict.fromkeys(_IN_ALL_OPERANDS, _push_linear),
    **dict.fromkeys(_IN_EITHER_OPERAND, _one_of_two),
    "dynamic_update_slice": _linear_in(0, 1),
    "scatter": _linear_in(0, 2),
    "scatter-add": _linear_in(0, 2),
    "reduce_max": _reduce,
    "reduce_min": _reduce,
    "reduce_window_max": _window,
    "reduce_window_min": _window,
}
"""One rule per JAX primitive."""
