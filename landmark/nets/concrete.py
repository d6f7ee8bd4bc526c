"""The concrete autoencoder of Abid, Balin and Zou (ICML 2019): it learns which genes restore all others."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from landmark.nets.dense import Dense


class ConcreteAutoencoder(nnx.Module):
    """Neurons that each learn to pick one gene, and a linear decoder from the picked genes to all.

    While training, a neuron passes on a mixture of genes with weights softmax((logits + G) / temperature), G drawn
    from the Gumbel distribution anew for every batch: a sample of the concrete distribution (Maddison et al. 2017).
    At a high temperature it mixes many genes, towards zero it picks one, with the probabilities softmax(logits). The
    decoder is linear, as the authors' for gene expression. Logits and kernel are Glorot uniform.

    Parameters
    ----------
    genes, neurons
        Number of genes, and of those to pick.
    given
        Columns that the decoder has in any case, and that no neuron picks.
    barred
        Further columns that no neuron picks.
    rngs
        Supplies the key ``params``.
    """

    def __init__(
        self,
        genes: int,
        neurons: int,
        given: Sequence[int] = (),
        barred: Sequence[int] = (),
        *,
        rngs: nnx.Rngs,
    ) -> None:
        glorot = nnx.initializers.glorot_uniform()
        self.logits = nnx.Param(glorot(rngs.params(), (neurons, genes), jnp.float32))
        self.decoder = Dense(len(given) + neurons, genes, kernel_init=glorot, precision="float32", rngs=rngs)
        self.given = tuple(given)
        self.barred = tuple(barred)

    def scores(self) -> jax.Array:
        """Logits of the genes that may be picked, minus infinity for all others, [neurons, genes]."""
        logits = self.logits[...]
        closed = np.zeros(logits.shape[1], dtype=bool)
        closed[[*self.given, *self.barred]] = True
        return jnp.where(closed, -jnp.inf, logits)

    def __call__(
        self, x: jax.Array, temperature: jax.Array | float = 0.0, key: jax.Array | None = None
    ) -> jax.Array:
        """Restore profiles, [samples, genes]; without a key from each neuron's most likely gene."""
        scores = self.scores()
        if key is None:
            picked = x[:, jnp.argmax(scores, axis=1)]
        else:
            noise = jax.random.gumbel(key, scores.shape)
            picked = x @ jax.nn.softmax((scores + noise) / temperature, axis=1).T
        return self.decoder(jnp.concatenate([x[:, np.array(self.given, dtype=int)], picked], axis=1))
