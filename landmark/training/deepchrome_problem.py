"""What DeepChrome minimises, and how."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import optax
from flax import nnx

from landmark.nets.deepchrome import Deepchrome
from landmark.training.configuration import DeepchromeTraining
from landmark.training.module_problem import ModuleProblem
from landmark.training.problem import Batch, Parameters


@dataclass(frozen=True, eq=False)
class DeepchromeProblem(ModuleProblem[Deepchrome]):
    """Log-loss of the right class, minimised by plain gradient descent.

    A batch holds the reads of each gene, flat [genes, bins x marks], and its label [genes, 1].
    """

    configuration: DeepchromeTraining
    bins: int = 100
    marks: int = 5

    @property
    def identity(self) -> Mapping[str, Any]:
        """What decides the computation."""
        chosen = self.configuration.model_dump(mode="json", include={"dropout", "decay", "precision"})
        chosen["learning_rate"] = self.configuration.step_size
        chosen["batch_size"] = self.configuration.batch_size
        return {"kind": "DeepChrome", "bins": self.bins, "marks": self.marks, **chosen}

    @functools.cached_property
    def optimiser(self) -> optax.GradientTransformation:
        """Gradient descent whose step size falls with the genes seen, as Torch 7's ``optim.sgd`` has it."""
        chosen = self.configuration
        fall = chosen.decay * chosen.batch_size
        return optax.sgd(lambda step: chosen.step_size / (1 + fall * step))

    def losses(
        self, parameters: Parameters, batch: Batch, key: jax.Array | None
    ) -> tuple[jax.Array, jax.Array]:
        """Log-loss of each gene, twice."""
        reads, labels = batch
        found = self.network(parameters)(self.shaped(reads), key)
        loss = -jnp.where(labels[:, 0] > 0, found[:, 1], found[:, 0])
        return loss, loss

    def shaped(self, reads: jax.Array) -> jax.Array:
        """Give flat reads [genes, bins x marks] their shape [genes, bins, marks]."""
        return reads.reshape(-1, self.bins, self.marks)

    def build(self, rngs: nnx.Rngs) -> Deepchrome:
        """Make the network with starting weights."""
        chosen = self.configuration
        return Deepchrome(
            self.bins,
            self.marks,
            dropout=chosen.dropout,
            precision=chosen.precision,
            rngs=rngs,
        )
