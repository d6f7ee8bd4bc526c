"""DeepChrome (Singh et al. 2016): histone marks around a gene - convolution - full layers - expressed or not."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from landmark.nets.dense import Dense, Precision

CLASSES = 2
"""Unexpressed (label 0) and expressed (label 1)."""


class Deepchrome(nnx.Module):
    """A temporal convolution over the bins, max-pooling, and three full layers.

    Published sizes: 100 bins of 5 marks; 50 filters of width 10, stride 1, no padding: 91 positions; ReLU; pooling over
    5 positions, not overlapping, the last incomplete window dropped: 18 positions; 900 values, of which a share
    ``dropout`` is set to zero while training and the rest divided by ``1 - dropout``; 625 units, ReLU, 125 units, ReLU,
    2 classes, log-softmax. All 644,177 weights start uniform in ``+-1 / sqrt(inputs)``, biases too, as Torch 7 draws
    them.

    Parameters
    ----------
    bins, marks
        Shape of one gene's profile.
    filters, width
        Number and width of the convolution's filters.
    pool
        Positions per pooling window.
    units
        Widths of the two full layers.
    dropout
        Share of pooled values left out at each training step.
    precision
        Numbers inside matrix products.
    rngs
        Supplies the key ``params``.
    """

    def __init__(
        self,
        bins: int = 100,
        marks: int = 5,
        filters: int = 50,
        width: int = 10,
        pool: int = 5,
        units: tuple[int, int] = (625, 125),
        *,
        dropout: float = 0.5,
        precision: Precision = "float32",
        rngs: nnx.Rngs,
    ) -> None:
        def layer(inputs: int, outputs: int) -> Dense:
            draw = _within(inputs**-0.5)
            made = Dense(inputs, outputs, kernel_init=draw, precision=precision, rngs=rngs)
            made.bias[...] = draw(rngs.params(), (outputs,), jnp.float32)
            return made

        self.bins, self.marks, self.width, self.pool = bins, marks, width, pool
        self.convolution = layer(width * marks, filters)
        self.first = layer((bins - width + 1) // pool * filters, units[0])
        self.second = layer(*units)
        self.output = layer(units[1], CLASSES)
        self.dropout = nnx.Dropout(dropout)

    def convolved(self, x: jax.Array) -> jax.Array:
        """Apply the filters at every position, [genes, bins, marks] to [genes, positions, filters], before the ReLU.

        The convolution is one matrix product over all windows: on processors several times as fast as XLA's own.
        """
        windows = np.arange(self.bins - self.width + 1)[:, None] + np.arange(self.width)
        return self.convolution(x[:, windows].reshape(len(x), len(windows), self.width * self.marks))

    def pooled(self, x: jax.Array) -> jax.Array:
        """Take the maximum of every ``pool`` positions after the ReLU, [genes, positions // pool, filters]."""
        active = jax.nn.relu(self.convolved(x))
        genes, positions, filters = active.shape
        whole = positions // self.pool
        return active[:, : whole * self.pool].reshape(genes, whole, self.pool, filters).max(axis=2)

    def logits(self, x: jax.Array, key: jax.Array | None = None) -> jax.Array:
        """Score both classes, [genes, bins, marks] to [genes, 2]; a key turns dropout on."""
        flat = self.pooled(x).reshape(len(x), -1)
        if key is not None:
            flat = self.dropout(flat, rngs=key)
        hidden = jax.nn.relu(self.first(flat))
        return self.output(jax.nn.relu(self.second(hidden)))

    def __call__(self, x: jax.Array, key: jax.Array | None = None) -> jax.Array:
        """Log-probabilities of both classes, [genes, bins, marks] to [genes, 2]; a key turns dropout on."""
        return jax.nn.log_softmax(self.logits(x, key))


def _within(bound: float) -> Callable[..., jax.Array]:
    def draw(
        key: jax.Array, shape: tuple[int, ...], dtype: jnp.dtype = jnp.float32, **_: object
    ) -> jax.Array:
        return jax.random.uniform(key, shape, dtype, -bound, bound)

    return draw
