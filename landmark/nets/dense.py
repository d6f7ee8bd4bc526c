"""The dense layer that the fully connected networks are built of."""

from typing import Any, Literal

import jax
import jax.numpy as jnp
from flax import nnx

Precision = Literal["float32", "bfloat16"]
"""Numbers inside matrix products; weights, sums and everything else stay float32."""


def dense(
    inputs: int,
    outputs: int,
    *,
    kernel_init: nnx.Initializer,
    precision: Precision,
    rngs: nnx.Rngs,
) -> nnx.Linear:
    """Build an affine layer ``x @ kernel + bias`` with a zero bias.

    Parameters
    ----------
    inputs, outputs
        Widths; the kernel has shape [inputs, outputs].
    kernel_init
        Draws the kernel.
    precision
        ``bfloat16`` rounds both factors of every matrix product, forwards and backwards, and sums in float32.
    rngs
        Supplies the key ``params``.
    """
    if precision == "bfloat16":
        return nnx.Linear(inputs, outputs, kernel_init=kernel_init, dot_general=_rounded_product, rngs=rngs)
    return nnx.Linear(inputs, outputs, kernel_init=kernel_init, rngs=rngs)


def _rounded_product(x: jax.Array, kernel: jax.Array, *_: Any, **__: Any) -> jax.Array:
    """Stand in for ``lax.dot_general`` in a dense layer, where only the last axis is summed."""
    return _bfloat16_matmul(x, kernel)


def _matmul(a: jax.Array, b: jax.Array) -> jax.Array:
    rounded = (a.astype(jnp.bfloat16), b.astype(jnp.bfloat16))
    return jnp.matmul(*rounded, preferred_element_type=jnp.float32)


# JAX's own derivative would multiply a float32 gradient with a bfloat16 factor, which no matrix unit does.
@jax.custom_vjp
def _bfloat16_matmul(x: jax.Array, kernel: jax.Array) -> jax.Array:
    return _matmul(x, kernel)


def _forwards(x: jax.Array, kernel: jax.Array) -> tuple[jax.Array, tuple[jax.Array, jax.Array]]:
    return _matmul(x, kernel), (x, kernel)


def _backwards(kept: tuple[jax.Array, jax.Array], gradient: jax.Array) -> tuple[jax.Array, jax.Array]:
    x, kernel = kept
    return _matmul(gradient, kernel.T), _matmul(x.T, gradient)


_bfloat16_matmul.defvjp(_forwards, _backwards)
