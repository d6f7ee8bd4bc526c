"""What the graph network minimises, and how."""

import functools
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx

from landmark.nets.graph import GraphNetwork
from landmark.nets.neighbours import Edges
from landmark.training.configuration import GraphConfiguration
from landmark.training.graph_size import REMEMBERED
from landmark.training.module_problem import ModuleProblem
from landmark.training.plateau import PlateauState, adam_with_plateau, shrink_on_plateau
from landmark.training.problem import Batch, Parameters

EDGES, LAST = "edges", "last_edges"
"""Names of the edges among the parameters: of all layers, and of the last where it has some target genes only."""


@dataclass(frozen=True, eq=False)
class GraphProblem(ModuleProblem[GraphNetwork]):
    """Mean absolute error over the targets; epochs are judged by rank correlation.

    The shown loss is 1 less Spearman's correlation over the targets of a sample, mean over samples, which is what the
    public code stops on. It shrinks the step size by the mean absolute error of the validation samples, and so does
    this. Genes are standardised, as for every predictor here; the paper divides all by the largest value.

    Attributes
    ----------
    landmarks, covariates, targets
        Numbers of landmark genes, of further inputs per sample, and of target genes.
    edges
        Which target genes each target gene reads.
    """

    configuration: GraphConfiguration
    landmarks: int
    covariates: int
    targets: int
    edges: Edges

    evaluation_batch = 32

    @property
    def identity(self) -> Mapping[str, Any]:
        """The computation, and a checksum of the edges."""
        return {**self.computation, EDGES: zlib.crc32(np.asarray(self.edges.neighbours).tobytes())}

    @functools.cached_property
    def computation(self) -> Mapping[str, Any]:
        """What decides the computation: how many edges there are, but not which."""
        names = {"layers", "hidden", "learning_rate", "weight_decay", "clip", "decay", "patience"}
        return {
            "kind": "graph",
            "landmarks": self.landmarks,
            "covariates": self.covariates,
            "targets": self.targets,
            "neighbours": len(self.edges.neighbours),
            **self.configuration.model_dump(mode="json", include=names),
        }

    @property
    def fixed(self) -> Mapping[str, Any]:
        """The edges."""
        return {EDGES: self.edges}

    @functools.cached_property
    def optimiser(self) -> optax.GradientTransformation:
        """Adam on clipped gradients."""
        chosen = self.configuration
        return adam_with_plateau(chosen.learning_rate, chosen.weight_decay, chosen.clip)

    def losses(
        self, parameters: Parameters, batch: Batch, key: jax.Array | None
    ) -> tuple[jax.Array, jax.Array]:
        """Mean absolute error, and 1 less the rank correlation, of each sample."""
        landmarks, targets = batch
        predicted = self.predict(parameters, landmarks)
        ranks = jax.lax.stop_gradient(predicted)
        return jnp.mean(jnp.abs(predicted - targets), axis=1), 1 - rank_correlation(ranks, targets)

    def adapt(
        self, optimiser_state: PlateauState, monitored_loss: jax.Array, validation_objective: jax.Array
    ) -> PlateauState:
        """Shrink the step size where the validation error no longer falls."""
        chosen = self.configuration
        return shrink_on_plateau(optimiser_state, validation_objective, chosen.decay, chosen.patience)

    def predict(self, parameters: Parameters, x: jax.Array, *, unrolled: bool = False) -> jax.Array:
        """Apply the network to [samples, landmarks + covariates]; parameters hold the edges too."""
        weights = dict(parameters)
        edges, last = weights.pop(EDGES), weights.pop(LAST, None)
        return self.network(weights)(x, edges, last, unrolled=unrolled)

    def build(self, rngs: nnx.Rngs) -> GraphNetwork:
        """Make the network with starting weights."""
        chosen = self.configuration
        return GraphNetwork(
            self.landmarks,
            self.covariates,
            self.targets,
            len(self.edges.neighbours),
            chosen.layers,
            chosen.hidden,
            remembered=REMEMBERED,
            rngs=rngs,
        )


@dataclass(frozen=True)
class Unrolled:
    """The network without loops, as explanations need it; for equal problems it is equal, and compiled once."""

    problem: GraphProblem

    def __call__(self, parameters: Parameters, x: jax.Array) -> jax.Array:
        """Apply the network as ``GraphProblem.predict`` does."""
        return self.problem.predict(parameters, x, unrolled=True)


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
