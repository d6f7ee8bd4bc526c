"""A graph network after Kim et al. 2025: genes are nodes, and every edge has a weight of its own in every layer.

Nodes are the landmark genes, then the target genes. A landmark gene reads all landmark genes, a target gene reads
all landmark genes and some target genes, itself among them. The published code keeps a matrix of all pairs of genes
per layer and masks it; here only edges have weights, so that memory and time grow with their number.
"""

import jax
import jax.numpy as jnp
from flax import nnx

from landmark.nets.neighbours import Edges, neighbour_sums, unrolled_neighbour_sums

COLUMNS = 256
"""Samples times hidden width, about, that pass through the layers at once: they stay in a processor's cache."""


GENE_BOUND = 0.1
"""Vectors of genes start uniform within this bound."""


class GraphNetwork(nnx.Module):
    """Four or so graph layers between a linear map into and one out of the hidden width.

    A node starts as a linear map of its one-hot gene and its expression, which is a learned vector per gene plus the
    expression times another vector; target genes have expression 0. Covariates of the sample are mapped alike and
    added to every node. A layer gives every node the weighted sum of the nodes it reads, adds a bias per node and
    unit, and sets negative values to 0. Units do not mix before the output.

    The network starts as the identity: every node reads itself with weight 1 and all others with weight 0. (The paper
    does not say how edges start. The public code draws them from +-1 / sqrt(share of pairs with an edge), some +-3,
    which for standardised genes learns slowly and predicts worse.)

    Parameters
    ----------
    landmarks, covariates, targets
        Numbers of landmark genes, of further inputs per sample, and of target genes.
    neighbours
        Target genes that each target gene reads.
    layers, hidden
        Number of graph layers and their width per node.
    remembered
        Bytes of values between layers that may be kept for the gradient; of larger batches they are computed again.
    rngs
        Supplies the key ``params``.
    """

    def __init__(
        self,
        landmarks: int,
        covariates: int,
        targets: int,
        neighbours: int,
        layers: int = 4,
        hidden: int = 64,
        *,
        remembered: int = 1 << 29,
        rngs: nnx.Rngs,
    ) -> None:
        self.remembered = remembered
        self.landmarks, self.layers, self.hidden = landmarks, layers, hidden
        self.gene = nnx.Param(_uniform(rngs, (landmarks + targets, hidden), GENE_BOUND))
        self.expression = nnx.Param(_uniform(rngs, (1 + covariates, hidden), 1.0))
        for number in range(1, layers + 1):
            # What landmark genes hold after the last layer is not asked for.
            nodes = targets + (landmarks if number < layers else 0)
            layer = GraphLayer(landmarks, nodes, targets, neighbours, hidden)
            setattr(self, f"layer_{number}", layer)
        # Of the units, those with a rising expression pass what is above 0 and the others what is below; with these
        # weights a gene that only reads itself gives back its expression.
        self.output = nnx.Param(self.expression[0][:, None] / (hidden / 6))
        self.offset = nnx.Param(jnp.zeros((1,), jnp.float32))

    def __call__(
        self, x: jax.Array, edges: Edges, last: Edges | None = None, *, unrolled: bool = False
    ) -> jax.Array:
        """Predict target genes.

        Parameters
        ----------
        x
            Landmark genes and covariates, [samples, landmarks + covariates].
        edges
            Which target genes each target gene reads.
        last
            The same for the last layer, where it has weights for some target genes only.
        unrolled
            Use no loops, as explanations need it; slower, and all samples at once.

        Returns
        -------
        Array
            [samples, targets].
        """
        read = [edges] * (self.layers - 1) + [edges if last is None else last]
        standing, moving = self._first_sums(x, read[0], unrolled)
        covariates = x[:, self.landmarks :] @ self.expression[1:]

        def rest(part: tuple[jax.Array, jax.Array]) -> jax.Array:
            return self._from_first_sums(standing, *part, read, unrolled)

        samples, at_once = len(x), max(1, COLUMNS // self.hidden)
        if unrolled or samples <= at_once:
            return rest((moving, covariates))
        missing = -samples % at_once
        parts = tuple(
            jnp.pad(array, ((0, missing), (0, 0))).reshape(-1, at_once, array.shape[1])
            for array in (moving, covariates)
        )
        values = 4 * samples * self.layers * self.hidden * len(self.gene)
        predicted = jax.lax.map(jax.checkpoint(rest) if values > self.remembered else rest, parts)
        return predicted.reshape(samples + missing, -1)[:samples]

    def layer(self, number: int) -> "GraphLayer":
        """Return a layer, counted from 1."""
        found: GraphLayer = getattr(self, f"layer_{number}")
        return found

    def _first_sums(self, x: jax.Array, edges: Edges, unrolled: bool) -> tuple[jax.Array, jax.Array]:
        """Compute the first layer's sums from what nodes start as, without making this for every sample.

        Since a node starts as ``gene + x expression + covariates``, its sum over edges W is ``W gene``, plus ``W x``
        times ``expression``, plus ``W 1`` times ``covariates``: one product for all samples.

        Returns
        -------
        standing, moving
            ``[W gene, W 1]`` [nodes, hidden + 1], and ``W x`` [samples, nodes].
        """
        layer = self.layer(1)
        gene = jnp.concatenate([self.gene[...], jnp.ones((len(self.gene), 1))], axis=1)
        own, others = gene[: self.landmarks], gene[self.landmarks :]
        standing = layer.sums(own, others, edges, unrolled)
        return standing, x[:, : self.landmarks] @ layer.block[...].T

    def _from_first_sums(
        self,
        standing: jax.Array,
        moving: jax.Array,
        covariates: jax.Array,
        edges: list[Edges],
        unrolled: bool,
    ) -> jax.Array:
        """Go on from the first layer's sums, in the layout [nodes, samples * hidden], to [samples, targets]."""
        samples = len(moving)
        values = standing[:, None, : self.hidden] + moving.T[:, :, None] * self.expression[0]
        values = values + standing[:, None, self.hidden :] * covariates
        values = self.layer(1).activate(values.reshape(-1, samples * self.hidden), samples)
        for number in range(2, self.layers + 1):
            layer = self.layer(number)
            sums = layer.sums(values[: self.landmarks], values[self.landmarks :], edges[number - 1], unrolled)
            values = layer.activate(sums, samples)
        predicted = values.reshape(-1, self.hidden) @ self.output[...] + self.offset[...]
        return predicted.reshape(-1, samples).T


class GraphLayer(nnx.Module):
    """One layer: sums over edges, a bias, ReLU.

    The first neighbour of each target gene is taken for the gene itself.

    Parameters
    ----------
    landmarks, nodes, targets
        Numbers of landmark genes, of the layer's output nodes, and of target genes, which are the last of both.
    neighbours, hidden
        As in ``GraphNetwork``.
    """

    def __init__(
        self,
        landmarks: int,
        nodes: int,
        targets: int,
        neighbours: int,
        hidden: int,
    ) -> None:
        own = jnp.arange(nodes - targets)
        self.block = nnx.Param(jnp.zeros((nodes, landmarks), jnp.float32).at[own, own].set(1.0))
        self.neighbours = nnx.Param(jnp.zeros((neighbours, targets), jnp.float32).at[0].set(1.0))
        self.bias = nnx.Param(jnp.zeros((nodes, hidden), jnp.float32))

    def sums(self, landmarks: jax.Array, targets: jax.Array, edges: Edges, unrolled: bool) -> jax.Array:
        """Add up what every node reads, of values [landmarks, width] and [targets, width], to [nodes, width]."""
        sums = self.block[...] @ landmarks
        add_up = unrolled_neighbour_sums if unrolled else neighbour_sums
        read = add_up(self.neighbours[...], targets, edges)
        first = len(sums) - len(read)
        return jnp.concatenate([sums[:first], sums[first:] + read]) if first else sums + read

    def activate(self, sums: jax.Array, samples: int) -> jax.Array:
        """Add the bias and set negative values to 0."""
        return jnp.maximum(sums + jnp.tile(self.bias[...], (1, samples)), 0.0)


def _uniform(rngs: nnx.Rngs, shape: tuple[int, ...], bound: float) -> jax.Array:
    return jax.random.uniform(rngs.params(), shape, jnp.float32, -bound, bound)
