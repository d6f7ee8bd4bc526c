"""D-GEX (Chen et al. 2016): landmark genes - tanh layers - all target genes."""

import jax
import jax.numpy as jnp
from flax import nnx

from landmark.nets.dense import Dense, Precision

OUTPUT_BOUND = 1e-4
"""Output kernels start uniform within this bound, as in the public D-GEX code."""


class Dgex(nnx.Module):
    """One to three tanh layers and a linear output.

    Hidden kernels are Glorot uniform, the output kernel uniform in +-1e-4, biases zero. While training, each
    hidden layer's units are dropped at the rate ``dropout`` and the rest divided by ``1 - dropout``; the
    input is never dropped.

    Parameters
    ----------
    landmarks, targets
        Numbers of input and output genes.
    layers, units
        Number and width of hidden layers.
    dropout
        Share of hidden units left out at each training step.
    precision
        Numbers inside matrix products.
    rngs
        Supplies the key ``params``.
    """

    def __init__(
        self,
        landmarks: int,
        targets: int,
        layers: int = 3,
        units: int = 3000,
        *,
        dropout: float = 0.1,
        precision: Precision = "float32",
        rngs: nnx.Rngs,
    ) -> None:
        self.layers = layers
        glorot = nnx.initializers.glorot_uniform()
        width = landmarks
        for name in self.hidden_names():
            setattr(self, name, Dense(width, units, kernel_init=glorot, precision=precision, rngs=rngs))
            width = units
        self.output = Dense(width, targets, kernel_init=_small_uniform, precision=precision, rngs=rngs)
        self.dropout = nnx.Dropout(dropout)

    def hidden_names(self) -> list[str]:
        """Names of the hidden layers, from the input on."""
        return [f"hidden_{number}" for number in range(1, self.layers + 1)]

    def __call__(self, x: jax.Array, key: jax.Array | None = None) -> jax.Array:
        """Predict targets, [samples, landmarks] to [samples, targets]; a key turns dropout on."""
        for number, name in enumerate(self.hidden_names()):
            x = jnp.tanh(getattr(self, name)(x))
            if key is not None:
                x = self.dropout(x, rngs=jax.random.fold_in(key, number))
        return self.output(x)


def _small_uniform(
    key: jax.Array, shape: tuple[int, ...], dtype: jnp.dtype = jnp.float32, **_: object
) -> jax.Array:
    return jax.random.uniform(key, shape, dtype, -OUTPUT_BOUND, OUTPUT_BOUND)
