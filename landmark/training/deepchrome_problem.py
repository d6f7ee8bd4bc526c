"""What DeepChrome minimises, and how."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx

from landmark.nets.deepchrome import Deepchrome
from landmark.training.deepchrome_configuration import DeepchromeTraining
from landmark.training.module_problem import ModuleProblem
from landmark.training.problem import Batch, Parameters
from landmark.training.source import PORTION, Source

AUC_ERROR = "validation_auc_error"
"""Column of the history: 1 less the area under the ROC curve of the validation genes."""


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
        chosen = self.configuration.model_dump(
            mode="json", include={"dropout", "decay", "precision", "best_by"}
        )
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

    @property
    def criterion(self) -> str:
        """The area under the ROC curve, or the log-loss."""
        return AUC_ERROR if self.configuration.best_by == "auc" else super().criterion

    def judged(self, parameters: Parameters, validation: Source) -> Mapping[str, float]:
        """1 less the area under the ROC curve of all validation genes, where epochs are compared by it."""
        if self.configuration.best_by != "auc":
            return {}
        scores, labels = [], []
        for first in range(0, validation.samples, PORTION):
            reads, known = validation.read(np.arange(first, min(first + PORTION, validation.samples)))
            scores.append(np.asarray(_scores(self, parameters, reads)))
            labels.append(known[:, 0] > 0)
        return {AUC_ERROR: 1 - area(np.concatenate(scores), np.concatenate(labels))}

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


@functools.partial(jax.jit, static_argnums=0)
def _scores(problem: DeepchromeProblem, parameters: Parameters, reads: jax.Array) -> jax.Array:
    """Difference of the log-probabilities of the classes, [genes]."""
    found = problem.network(parameters)(problem.shaped(reads))
    return found[:, 1] - found[:, 0]


def area(scores: np.ndarray, labels: np.ndarray) -> float:
    """Area under the ROC curve: the share of pairs of a positive and a negative in right order, ties by half."""
    positives = int(labels.sum())
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float(
        (ranks[labels].sum() - positives * (positives + 1) / 2) / (positives * (len(labels) - positives))
    )
