"""The autoencoder of Kong et al. 2021: genes - 500 - 100 - 500 - genes."""

from typing import Literal

import jax
from flax import nnx

from landmark.nets.dense import Dense, Precision

Output = Literal["linear", "sigmoid"]


class Autoencoder(nnx.Module):
    """Sigmoid layers that squeeze an expression profile through a bottleneck and restore it.

    Kernels are Glorot uniform and biases zero (Keras' defaults). After each hidden layer, while training, a
    share ``dropout`` of the units is set to zero and the rest is divided by ``1 - dropout``.

    Parameters
    ----------
    genes, hidden, bottleneck
        Widths of the layers; the decoder mirrors the encoder.
    dropout
        Share of hidden units left out at each training step.
    output
        ``linear`` for input standardised per gene, ``sigmoid`` for input scaled to 0-1.
    precision
        Numbers inside matrix products.
    rngs
        Supplies the key ``params``.
    """

    def __init__(
        self,
        genes: int,
        hidden: int = 500,
        bottleneck: int = 100,
        *,
        dropout: float = 0.1,
        output: Output = "linear",
        precision: Precision = "float32",
        rngs: nnx.Rngs,
    ) -> None:
        def layer(inputs: int, outputs: int) -> Dense:
            glorot = nnx.initializers.glorot_uniform()
            return Dense(inputs, outputs, kernel_init=glorot, precision=precision, rngs=rngs)

        self.encoder = layer(genes, hidden)
        self.bottleneck = layer(hidden, bottleneck)
        self.decoder = layer(bottleneck, hidden)
        self.output = layer(hidden, genes)
        self.dropout = nnx.Dropout(dropout)
        self.output_kind: Output = output

    def preactivation(self, x: jax.Array, key: jax.Array | None = None) -> jax.Array:
        """Input of the bottleneck's sigmoids, [samples, genes] to [samples, bottleneck]."""
        return self.bottleneck(self._thin(jax.nn.sigmoid(self.encoder(x)), key, 0))

    def activation(self, x: jax.Array, key: jax.Array | None = None) -> jax.Array:
        """Output of the bottleneck's sigmoids, [samples, genes] to [samples, bottleneck]."""
        return jax.nn.sigmoid(self.preactivation(x, key))

    def __call__(self, x: jax.Array, key: jax.Array | None = None) -> jax.Array:
        """Reconstruct scaled profiles, [samples, genes]; a key turns dropout on."""
        code = self._thin(self.activation(x, key), key, 1)
        restored = self.output(self._thin(jax.nn.sigmoid(self.decoder(code)), key, 2))
        return jax.nn.sigmoid(restored) if self.output_kind == "sigmoid" else restored

    def _thin(self, units: jax.Array, key: jax.Array | None, layer: int) -> jax.Array:
        if key is None:
            return units
        return self.dropout(units, rngs=jax.random.fold_in(key, layer))
