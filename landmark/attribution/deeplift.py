"""DeepLIFT with the rescale rule (Shrikumar et al. 2017) as a transformation of JAX functions."""

import math
from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var
from jax.typing import ArrayLike

from landmark.attribution.rules import RULES, Operand, Operation, Varying, is_predicate, unsupported
from landmark.errors import BadConfiguration

_CALLS = {
    "closed_call": "call_jaxpr",
    "call": "call_jaxpr",
    "custom_jvp_call": "call_jaxpr",
    "custom_vjp_call": "call_jaxpr",
    "jit": "jaxpr",
    "remat2": "jaxpr",
}
"""Primitives that call a nested jaxpr, and the parameter that holds it."""


def _push(network: ClosedJaxpr, x: jax.Array, x0: jax.Array, tangent: jax.Array) -> list[Operand]:
    """Push an input, its reference and a tangent through a traced network of one argument.

    Returns the network's outputs: ``Varying`` where they depend on the input, arrays where they do not. Raises
    BadConfiguration, naming the operation, where one has no rule.
    """
    return _run(network.jaxpr, network.consts, [Varying.start(x, x0, tangent)])


def secant(function: Callable[[jax.Array], jax.Array], z: jax.Array, z0: jax.Array) -> jax.Array:
    """Secant ``(f(z) - f(z0)) / (z - z0)`` of an elementwise function, ``f'(z)`` where both are equal."""
    (result,) = _push(jax.make_jaxpr(function)(z), z, z0, jnp.ones_like(z))
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


Network = Callable[[jax.Array], jax.Array]


def deeplift(f: Network, x: ArrayLike, reference: ArrayLike) -> jax.Array:
    """Contribution of each input to the difference of each output from its reference.

    Parameters
    ----------
    f
        Network from [samples, inputs...] to [samples, outputs...], built from the operations of
        ``landmark.attribution.rules.RULES``. Samples must not influence each other: ``f`` is traced on
        one sample, and the result does not depend on how samples are batched.
    x
        Samples, [samples, inputs...].
    reference
        One reference for all samples, [inputs...], or one per sample, [samples, inputs...].

    Returns
    -------
    jax.Array
        Contributions, [samples, outputs..., inputs...], in the units of the outputs. Over the inputs they sum
        to ``f(x) - f(reference)`` (summation-to-delta); ``residual`` measures how closely.

    Raises
    ------
    BadConfiguration
        Shapes do not fit, or ``f`` contains an operation without a rule; the message names it.

    Notes
    -----
    A JAX transformation like ``jax.grad``: works under ``jax.jit`` and ``jax.vmap``, and should be jitted by
    the caller where it is called often.
    """
    x, reference = _floating(x), _floating(reference)
    if x.ndim < 2:
        raise BadConfiguration(f"x has shape {x.shape}; DeepLIFT takes samples by inputs, [samples, inputs].")
    if reference.shape not in (x.shape, x.shape[1:]):
        raise BadConfiguration(
            f"The reference has shape {reference.shape}; for x of shape {x.shape} it must be {x.shape[1:]}, "
            f"one for all samples, or {x.shape}, one per sample."
        )
    dtype = jnp.result_type(x, reference)
    sample = jax.ShapeDtypeStruct((1, *x.shape[1:]), dtype)
    # Accelerators round float32 products to fewer bits unless told otherwise; contributions would not sum up.
    with jax.default_matmul_precision("highest"):
        network = jax.make_jaxpr(f)(sample)
        if len(network.out_avals) != 1:
            raise BadConfiguration(
                f"The network returns {len(network.out_avals)} arrays; DeepLIFT takes one."
            )

        def of_one(x: jax.Array, x0: jax.Array) -> jax.Array:
            def linearised(difference: jax.Array) -> jax.Array:
                (output,) = _push(network, x[None], x0[None], difference[None])
                if is_predicate(output):
                    raise BadConfiguration("The network returns a condition; DeepLIFT takes numbers.")
                return output.tangent[0] if isinstance(output, Varying) else jnp.zeros_like(output[0])

            shape = network.out_avals[0].shape[1:]
            transpose = jax.linear_transpose(linearised, x)
            size = math.prod(shape)
            units = jnp.eye(size, dtype=network.out_avals[0].dtype).reshape(size, *shape)
            (multipliers,) = jax.vmap(transpose)(units)
            return multipliers.reshape(*shape, *x.shape) * (x - x0)

        per_sample = None if reference.ndim < x.ndim else 0
        return jax.vmap(of_one, in_axes=(0, per_sample))(x.astype(dtype), reference.astype(dtype))


def residual(f: Network, x: ArrayLike, reference: ArrayLike, contributions: jax.Array) -> jax.Array:
    """How far contributions miss what they should sum to, ``f(x) - f(reference)``, [samples, outputs...]."""
    x = _floating(x)
    references = jnp.broadcast_to(_floating(reference), x.shape)
    with jax.default_matmul_precision("highest"):
        difference = f(x) - f(references)
    return contributions.reshape(*difference.shape, -1).sum(axis=-1) - difference


def _floating(values: ArrayLike) -> jax.Array:
    values = jnp.asarray(values)
    return values if jnp.issubdtype(values.dtype, jnp.floating) else values.astype(jnp.float32)
