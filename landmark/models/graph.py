"""A graph network after Kim et al. 2025: genes are nodes, and every edge has a weight of its own in every layer.

Nodes are the landmark genes, then the target genes. A landmark gene reads all landmark genes, a target gene reads
all landmark genes and some target genes, itself among them. The published code keeps a matrix of all pairs of genes
per layer and masks it; here only edges have weights, so that memory and time grow with their number.
"""

import functools
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx

from landmark.errors import BadConfiguration, BadData
from landmark.models.graph_operations import (
    Edges,
    neighbour_sums,
    readers_of,
    similar_genes,
    unrolled_neighbour_sums,
)
from landmark.models.settings import GraphConfiguration
from landmark.models.size import FLOAT32, GIGABYTE
from landmark.progress import Report, silent
from landmark.training.data import Samples, in_memory, paired
from landmark.training.fit import fit
from landmark.training.mesh import memory_bytes
from landmark.training.optimizers import AdamState, clipped_adam, shrink_on_plateau
from landmark.training.problem import Batch, Parameters, Problem
from landmark.training.trained import Trained

COLUMNS = 256
"""Samples times hidden width, about, that pass through the layers at once: they stay in a processor's cache."""


REMEMBERED = 1 << 29
"""Bytes of values between layers that are kept for the gradient; of larger batches they are computed again."""

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

    Up to ``remembered`` bytes of values between layers are kept for the gradient; of larger batches they are computed
    again.
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
        remembered: int = REMEMBERED,
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
        """Predict target genes [samples, targets] from [samples, landmarks + covariates].

        ``edges`` say which target genes each target gene reads, ``last`` the same for the last layer, where it has
        weights for some target genes only. ``unrolled`` uses no loops, as explanations need it; slower, and all
        samples at once.
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
        times ``expression``, plus ``W 1`` times ``covariates``: one product for all samples. Returns ``[W gene, W 1]``
        [nodes, hidden + 1], and ``W x`` [samples, nodes].
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
    """One layer: sums over edges, a bias, ReLU. The first neighbour of each target gene is taken for the gene itself.

    Target genes are the last of its output nodes.
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


COPIES = 5
"""Of every weight: itself, its gradient, Adam's two values, and the best epoch's."""

VALUES = 3
"""Copies of the values between layers while a step runs: themselves, their gradients, and intermediate results."""


@dataclass(frozen=True)
class GraphSize:
    """Weights and memory of a graph network in which each target gene reads ``neighbours`` target genes."""

    landmarks: int
    targets: int
    layers: int
    hidden: int
    neighbours: int

    @property
    def edges(self) -> int:
        """Edges of the graph: landmark genes to all genes, target genes to target genes."""
        return self.landmarks * (self.landmarks + self.targets) + self.neighbours * self.targets

    @property
    def weights(self) -> int:
        """Number of weights: of edges, biases of nodes, vectors of genes. The last layer has target genes only."""
        nodes = self.landmarks + self.targets
        biases = nodes * self.hidden
        last = self.landmarks * (self.landmarks + self.hidden)
        return self.layers * (self.edges + biases) - last + biases + 2 * self.hidden + 1

    @property
    def dense_weights(self) -> int:
        """Number of weights of the published form, which has one for every pair of genes in every layer."""
        return self.layers * (self.landmarks + self.targets) ** 2


def graph_size(configuration: GraphConfiguration, landmarks: int, targets: int) -> GraphSize:
    """Size of the graph network for numbers of landmark and target genes."""
    neighbours = min(configuration.most_similar + configuration.least_similar, targets)
    return GraphSize(landmarks, targets, configuration.layers, configuration.hidden, neighbours)


def graph_training_bytes(size: GraphSize, batch_size: int) -> int:
    """Memory that training needs beside the data, in bytes."""
    values = FLOAT32 * batch_size * (size.landmarks + size.targets) * size.hidden * size.layers
    return FLOAT32 * COPIES * size.weights + VALUES * min(values, REMEMBERED)


def check_graph(
    configuration: GraphConfiguration, samples: int, landmarks: int, targets: int, memory_bytes: int
) -> None:
    """Refuse what the data or the machine cannot carry: BadConfiguration names field, value and bound."""
    batch = configuration.batch_size
    if batch > samples:
        raise BadConfiguration(
            f"batch_size = {batch}: there are only {samples} training samples; choose at most {samples}"
        )
    size = graph_size(configuration, landmarks, targets)
    needed = graph_training_bytes(size, batch)
    if needed > memory_bytes:
        raise BadConfiguration(
            f"most_similar = {configuration.most_similar} and least_similar = {configuration.least_similar}: "
            f"training {size.weights / 1e6:,.0f} million weights would need {needed / GIGABYTE:.1f} GB of memory "
            f"beside the data, and the device has {memory_bytes / GIGABYTE:.1f} GB; choose fewer, or fewer genes"
        )


EDGES, LAST = "edges", "last_edges"
"""Names of the edges among the parameters: of all layers, and of the last where it has some target genes only."""


@dataclass(frozen=True, eq=False)
class GraphProblem(Problem[GraphNetwork]):
    """Mean absolute error over the targets; epochs are judged by rank correlation.

    The shown loss is 1 less Spearman's correlation over the targets of a sample, mean over samples, which is what the
    public code stops on. It shrinks the step size by the mean absolute error of the validation samples, and so does
    this. Genes are standardised, as for every predictor here; the paper divides all by the largest value.
    ``neighbours`` are the target genes that each target gene reads, int32 [neighbours, targets].
    """

    kind = "graph network"
    settings = GraphConfiguration
    measured = "landmark genes and covariates"
    evaluation_batch = 32

    configuration: GraphConfiguration
    landmarks: int
    covariates: int
    neighbours: np.ndarray

    @property
    def targets(self) -> int:
        """Number of target genes."""
        return self.neighbours.shape[1]

    @property
    def checkpoint_identity(self) -> Mapping[str, Any]:
        """The computation, a checksum of the edges, and the form of the optimiser's state."""
        return {
            **self.static_key,
            "optimiser": "injected",
            EDGES: zlib.crc32(np.asarray(self.neighbours).tobytes()),
        }

    @functools.cached_property
    def static_key(self) -> Mapping[str, Any]:
        """What decides the computation: how many edges there are, but not which."""
        names = {"layers", "hidden", "learning_rate", "weight_decay", "clip", "decay", "patience"}
        return {
            "kind": "graph",
            "landmarks": self.landmarks,
            "covariates": self.covariates,
            "targets": self.targets,
            "neighbours": len(self.neighbours),
            **self.configuration.model_dump(mode="json", include=names),
        }

    @property
    def fixed(self) -> Mapping[str, Any]:
        """The edges, both ways round."""
        return {EDGES: Edges(self.neighbours, readers_of(self.neighbours))}

    @functools.cached_property
    def optimiser(self) -> optax.GradientTransformation:
        """Adam on clipped gradients."""
        chosen = self.configuration
        return clipped_adam(chosen.learning_rate, chosen.weight_decay, chosen.clip)

    def losses(
        self, parameters: Parameters, batch: Batch, key: jax.Array | None
    ) -> tuple[jax.Array, jax.Array]:
        """Mean absolute error, and 1 less the rank correlation, of each sample."""
        landmarks, targets = batch
        predicted = self(parameters, landmarks)
        ranks = jax.lax.stop_gradient(predicted)
        return jnp.mean(jnp.abs(predicted - targets), axis=1), 1 - rank_correlation(ranks, targets)

    def adapt(
        self, optimiser_state: AdamState, monitored_loss: jax.Array, validation_objective: jax.Array
    ) -> AdamState:
        """Shrink the step size where the validation error no longer falls."""
        chosen = self.configuration
        return shrink_on_plateau(optimiser_state, validation_objective, chosen.decay, chosen.patience)

    @property
    def inputs(self) -> int:
        """Number of landmark genes and covariates."""
        return self.landmarks + self.covariates

    def applied(self, parameters: Parameters) -> Parameters:
        """Join the edges."""
        return {**parameters, EDGES: Edges(self.neighbours)}

    def stored(self, parameters: Parameters) -> Mapping[str, Any]:
        """Return the weights and the edges."""
        return {"network": parameters, EDGES: {"neighbours": self.neighbours}}

    @classmethod
    def restored(
        cls, configuration: GraphConfiguration, arrays: Mapping[str, Any]
    ) -> tuple[Self, Parameters]:
        """Undo ``stored``."""
        parameters, neighbours = arrays["network"], arrays[EDGES]["neighbours"]
        landmarks = len(parameters["gene"]) - neighbours.shape[1]
        return cls(configuration, landmarks, len(parameters["expression"]) - 1, neighbours), parameters

    def __call__(self, parameters: Parameters, x: jax.Array, *, unrolled: bool = False) -> jax.Array:
        """Apply the network to [samples, landmarks + covariates]; parameters hold the edges too."""
        weights = dict(parameters)
        edges, last = weights.pop(EDGES), weights.pop(LAST, None)
        return self.network(weights)(x, edges, last, unrolled=unrolled)

    def build(self, rngs: nnx.Rngs) -> GraphNetwork:
        """Make the network with starting weights."""
        chosen = self.configuration.model_dump(include={"layers", "hidden"})
        sizes = (self.landmarks, self.covariates, self.targets, len(self.neighbours))
        return GraphNetwork(*sizes, **chosen, rngs=rngs)


@dataclass(frozen=True)
class Unrolled:
    """The network without loops, as explanations need it; for equal problems it is equal, and compiled once."""

    problem: GraphProblem

    def __call__(self, parameters: Parameters, x: jax.Array) -> jax.Array:
        """Apply the network as ``GraphProblem`` does."""
        return self.problem(parameters, x, unrolled=True)


def rank_correlation(a: jax.Array, b: jax.Array) -> jax.Array:
    """Spearman's correlation of each row, ties in the order of their columns: [rows, columns] to [rows].

    ``1 - 6 sum d^2 / (n (n^2 - 1))`` with the differences d of ranks, as in the public code.
    """
    n = a.shape[1]
    differences = (_ranks(a) - _ranks(b)).astype(jnp.float32)
    return 1 - 6 * jnp.sum(jnp.square(differences / n), axis=1) / (n - 1 / n if n > 1 else 1.0)


def _ranks(a: jax.Array) -> jax.Array:
    order = jnp.argsort(a, axis=1)
    columns = jnp.broadcast_to(jnp.arange(a.shape[1]), a.shape)
    # The inverse of a permutation by writing it, in half the time of sorting it.
    return jnp.put_along_axis(jnp.zeros_like(columns), order, columns, axis=1, inplace=False)


TrainedGraph = Trained[GraphProblem]


def train_graph(
    inputs: np.ndarray,
    targets: Samples,
    validation_inputs: np.ndarray,
    validation_targets: Samples,
    configuration: GraphConfiguration,
    *,
    covariates: int = 0,
    directory: Path | None = None,
    report: Report = silent,
) -> TrainedGraph:
    """Train the graph network on samples standardised per gene; otherwise as ``fit``.

    Inputs are [samples, landmarks + covariates], the last ``covariates`` of which are no genes, and targets [samples,
    targets]; similar genes are found on the training samples. Raises BadConfiguration if the configuration does not
    suit the data or the machine, and BadData if samples or genes of the tables do not agree, or there are fewer than
    two target genes.
    """
    train, validation = paired(inputs, targets, validation_inputs, validation_targets)
    landmarks, genes = train.widths[0] - covariates, train.widths[1]
    if landmarks < 1 or genes < 2:
        raise BadData(
            f"There are {landmarks:,} landmark genes and {genes:,} target genes; a graph network needs one of the "
            "first and two of the second at least. Choose another gene set, or more target genes."
        )
    check_graph(configuration, train.samples, landmarks, genes, memory_bytes())
    neighbours = similar_genes(
        in_memory(targets), configuration.most_similar, configuration.least_similar, report
    )
    problem = GraphProblem(configuration, landmarks, covariates, neighbours)
    return fit(problem, train, validation, directory=directory, report=report)
