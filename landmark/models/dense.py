"""The dense layer that the fully connected networks are built of."""

from typing import Literal

import jax
import jax.numpy as jnp
from flax import nnx

Precision = Literal["float32", "bfloat16"]
"""Numbers inside matrix products; weights, sums and everything else stay float32."""


class Dense(nnx.Module):
    """An affine layer ``x @ kernel + bias``, the kernel [inputs, outputs], the bias zero to start with.

    ``bfloat16`` rounds both factors of every matrix product, forwards and backwards, and sums in float32.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        kernel_init: nnx.Initializer,
        precision: Precision,
        rngs: nnx.Rngs,
    ) -> None:
        self.kernel = nnx.Param(kernel_init(rngs.params(), (inputs, outputs), jnp.float32))
        self.bias = nnx.Param(nnx.initializers.zeros(rngs.params(), (outputs,), jnp.float32))
        self.precision: Precision = precision

    def __call__(self, x: jax.Array) -> jax.Array:
        """Map [samples, inputs] to [samples, outputs]."""
        kernel, bias = self.kernel[...], self.bias[...]
        product = _bfloat16_matmul(x, kernel) if self.precision == "bfloat16" else x @ kernel
        # As a product with ones, so that the bias' gradient is one too: XLA's plain sum over the samples takes
        # twenty times as long on processors, a tenth of a whole training step.
        ones = jnp.ones((*x.shape[:-1], 1))
        return product + jnp.matmul(ones, bias[None], precision="highest")


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
