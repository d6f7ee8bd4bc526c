"""The rescale rule as a transformation of JAX functions.

A network is traced to a jaxpr and run once on pairs (value at the input, value at the reference) together with a
tangent. Linear operations push the tangent through their weights; non-linear ones multiply it by their secant. The
result is a linear function of the input's difference, exactly as in forward-mode differentiation but with secants for
derivatives: at the difference itself it returns the difference of the outputs (summation-to-delta), and its transpose
holds the multipliers.

Source: Shrikumar, Greenside, Kundaje, Learning important features through propagating activation differences,
ICML 2017, section 3.5.
"""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var

from landmark.attribution import arithmetic, choice, elementwise, linear, pooling
from landmark.attribution.operation import Operation, Rule
from landmark.attribution.varying import Operand, Varying, unsupported

RULES: dict[str, Rule] = {
    **arithmetic.RULES,
    **choice.RULES,
    **elementwise.RULES,
    **linear.RULES,
    **pooling.RULES,
}
"""One rule per JAX primitive."""

_CALLS = {
    "closed_call": "call_jaxpr",
    "call": "call_jaxpr",
    "custom_jvp_call": "call_jaxpr",
    "custom_vjp_call": "call_jaxpr",
    "jit": "jaxpr",
    "remat2": "jaxpr",
}
"""Primitives that call a nested jaxpr, and the parameter that holds it."""


def push(network: ClosedJaxpr, x: jax.Array, x0: jax.Array, tangent: jax.Array) -> list[Operand]:
    """Push an input, its reference and a tangent through a traced network of one argument.

    Returns
    -------
    list
        Outputs of the network: ``Varying`` where they depend on the input, arrays where they do not.

    Raises
    ------
    BadConfiguration
        The network contains an operation without a rule; the message names it.
    """
    return _run(network.jaxpr, network.consts, [Varying.start(x, x0, tangent)])


def secant(function: Callable[[jax.Array], jax.Array], z: jax.Array, z0: jax.Array) -> jax.Array:
    """Secant ``(f(z) - f(z0)) / (z - z0)`` of an elementwise function, ``f'(z)`` where both are equal.

    Parameters
    ----------
    function
        An elementwise JAX function such as ``jax.nn.sigmoid``.
    z, z0
        Arrays of one shape.
    """
    (result,) = push(jax.make_jaxpr(function)(z), z, z0, jnp.ones_like(z))
    return result.tangent if isinstance(result, Varying) else jnp.zeros_like(z)


def _run(jaxpr: Jaxpr, consts: Sequence[jax.Array], operands: Sequence[Operand]) -> list[Operand]:
    known: dict[Var, Operand] = dict(zip(jaxpr.constvars, consts, strict=True))
    known.update(zip(jaxpr.invars, operands, strict=True))

    def read(atom: Var | Literal) -> Operand:
        return atom.val if isinstance(atom, Literal) else known[atom]

    for equation in jaxpr.eqns:
        results = _step(equation, [read(atom) for atom in equation.invars])
        known.update(zip(equation.outvars, results, strict=True))
    return [read(atom) for atom in jaxpr.outvars]


def _step(equation: JaxprEqn, operands: Sequence[Operand]) -> list[Operand]:
    name = equation.primitive.name
    constants = [operand for operand in operands if not isinstance(operand, Varying)]
    if len(constants) == len(operands):
        return list(Operation.of(equation).evaluate(*constants))
    if name in _CALLS:
        nested = equation.params[_CALLS[name]]
        if isinstance(nested, Jaxpr):
            return _run(nested, [], operands)
        return _run(nested.jaxpr, nested.consts, operands)
    if name not in RULES:
        raise unsupported(name)
    return RULES[name](Operation.of(equation), operands)
