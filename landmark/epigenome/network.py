"""DeepChrome (Singh et al. 2016): histone marks around a gene - convolution - full layers - expressed or not."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx

from landmark.errors import BadData
from landmark.models.dense import Dense, Precision
from landmark.models.settings import DeepchromeTraining
from landmark.progress import Report, silent
from landmark.training.data import PORTION, Arrays, Source
from landmark.training.fit import fit
from landmark.training.problem import Batch, Parameters, Problem
from landmark.training.trained import Trained

CLASSES = 2
"""Unexpressed (label 0) and expressed (label 1)."""


class Deepchrome(nnx.Module):
    """A temporal convolution over the bins, max-pooling, and three full layers.

    Published sizes: 100 bins of 5 marks; 50 filters of width 10, stride 1, no padding: 91 positions; ReLU; pooling over
    5 positions, not overlapping, the last incomplete window dropped: 18 positions; 900 values, of which a share
    ``dropout`` is set to zero while training and the rest divided by ``1 - dropout``; 625 units, ReLU, 125 units, ReLU,
    2 classes, log-softmax. All 644,177 weights start uniform in ``+-1 / sqrt(inputs)``, biases too, as Torch 7 draws
    them.

    ``rngs`` supplies the key ``params``.
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


_AUC_ERROR = "validation_auc_error"
"""Column of the history: 1 less the area under the ROC curve of the validation genes."""


@dataclass(frozen=True, eq=False)
class DeepchromeProblem(Problem[Deepchrome]):
    """Log-loss of the right class, minimised by plain gradient descent.

    A batch holds the reads of each gene, flat [genes, bins x marks], and its label [genes, 1].
    """

    kind = "DeepChrome"
    settings = DeepchromeTraining
    measured = "counts of reads"

    configuration: DeepchromeTraining
    bins: int = 100
    marks: int = 5

    @property
    def static_key(self) -> Mapping[str, Any]:
        """What decides the computation."""
        chosen = self.configuration.model_dump(
            mode="json", include={"dropout", "decay", "precision", "best_by"}
        )
        chosen["learning_rate"] = self.configuration.step_size
        chosen["batch_size"] = self.configuration.batch_size
        return {"kind": self.kind, "bins": self.bins, "marks": self.marks, **chosen}

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
        return _AUC_ERROR if self.configuration.best_by == "auc" else super().criterion

    def judged(self, parameters: Parameters, validation: Source) -> Mapping[str, float]:
        """1 less the area under the ROC curve of all validation genes, where epochs are compared by it."""
        if self.configuration.best_by != "auc":
            return {}
        scores, labels = [], []
        for first in range(0, validation.samples, PORTION):
            reads, known = validation.read(np.arange(first, min(first + PORTION, validation.samples)))
            scores.append(np.asarray(_scores(self, parameters, reads)))
            labels.append(known[:, 0] > 0)
        return {_AUC_ERROR: 1 - area(np.concatenate(scores), np.concatenate(labels))}

    def __call__(self, parameters: Parameters, x: jax.Array) -> jax.Array:
        """Probability that each gene is expressed, [genes], from its reads, flat [genes, bins x marks]."""
        return jnp.exp(self.network(parameters)(self.shaped(x))[:, 1])

    @property
    def inputs(self) -> int:
        """Number of counts of a gene."""
        return self.bins * self.marks

    def checked(self, X: np.ndarray) -> np.ndarray:
        """Return reads, [genes, bins, marks], flat, [genes, bins x marks]."""
        return super().checked(X.reshape(len(X), -1))

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


TrainedDeepchrome = Trained[DeepchromeProblem]


def log_odds(problem: DeepchromeProblem, parameters: Parameters, reads: jax.Array) -> jax.Array:
    """Log-odds of being expressed, [genes, 1], from reads [genes, bins, marks].

    The difference of the two scores before the softmax: a function of all weights that no saturation of the
    probabilities flattens.
    """
    return problem.network(parameters).logits(reads) @ jnp.array([[-1.0], [1.0]])


def train_deepchrome(
    reads: np.ndarray,
    labels: np.ndarray,
    validation_reads: np.ndarray,
    validation_labels: np.ndarray,
    configuration: DeepchromeTraining,
    *,
    directory: Path | None = None,
    report: Report = silent,
) -> TrainedDeepchrome:
    """Train DeepChrome on the genes of one cell type; otherwise as ``fit``.

    Parameters
    ----------
    reads, labels
        Training genes: counts [genes, 100, 5] as they were sequenced, and labels 0 or 1, [genes].
    validation_reads, validation_labels
        Genes by which epochs are judged: by the area under their ROC curve, or their log-loss, as is chosen and where
        they are all of one class.

    Raises
    ------
    BadData
        If there is no gene to train on or to judge by.
    """
    if not len(reads) or not len(validation_reads):
        raise BadData("There must be genes to train on and genes to judge by; one of the two has none.")
    train, validation = _source(reads, labels), _source(validation_reads, validation_labels)
    if len(np.unique(validation_labels)) < 2:  # one class has no ROC curve
        configuration = configuration.model_copy(update={"best_by": "log-loss"})
    problem = DeepchromeProblem(configuration)
    return fit(problem, train, validation, directory=directory, report=report)


def _source(reads: np.ndarray, labels: np.ndarray) -> Arrays:
    flat = np.ascontiguousarray(reads, np.float32).reshape(len(reads), -1)
    return Arrays((flat, labels.astype(np.float32)[:, None]))


_MEMORY = 0.99
"""Share of the running mean of squared gradients that RMSprop keeps at each step: Torch 7's default."""


def class_patterns(
    trained: TrainedDeepchrome, *, steps: int, learning_rate: float, penalty: float, seed: int
) -> np.ndarray:
    """Optimise one input per class.

    From uniform random numbers between 0 and 1, ``log-loss of the class + penalty |X|^2`` is minimised without
    dropout; then values are cut to 0-1 and divided by the largest.

    ``steps`` and ``learning_rate`` are those of RMSprop; the start is the same for both classes.

    Returns
    -------
    ndarray
        float32 [2, bins, marks] from 0 to 1, for label 0 and label 1; all zero where nothing positive is left.
    """
    problem, parameters = trained.problem, jax.device_put(trained.parameters)
    start = jax.random.uniform(jax.random.key(seed), (problem.bins, problem.marks))
    x = np.asarray(_optimised(problem, parameters, start, steps, learning_rate, penalty))
    cut = np.clip(x, 0, 1)
    largest = cut.max(axis=(1, 2), keepdims=True)
    return np.divide(cut, largest, out=np.zeros_like(cut), where=largest > 0)


@functools.partial(jax.jit, static_argnums=0)
def _optimised(
    problem: DeepchromeProblem,
    parameters: Parameters,
    start: jax.Array,
    steps: int,
    learning_rate: float,
    penalty: float,
) -> jax.Array:
    network = problem.network(parameters)
    classes = jnp.arange(CLASSES)
    optimiser = optax.rmsprop(learning_rate, decay=_MEMORY, eps=1e-8, eps_in_sqrt=False)

    def loss(x: jax.Array) -> jax.Array:
        wrong = -network(x)[classes, classes]
        return jnp.sum(wrong) + penalty * jnp.sum(jnp.square(x))

    def step(_: int, carry: tuple[jax.Array, optax.OptState]) -> tuple[jax.Array, optax.OptState]:
        x, state = carry
        updates, state = optimiser.update(jax.grad(loss)(x), state, x)
        return optax.apply_updates(x, updates), state

    x = jnp.broadcast_to(start, (CLASSES, *start.shape))
    found: jax.Array = jax.lax.fori_loop(0, steps, step, (x, optimiser.init(x)))[0]
    return found
