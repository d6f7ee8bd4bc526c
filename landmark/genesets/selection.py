"""Ways of choosing genes to measure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from landmark.errors import BadConfiguration
from landmark.models.concrete import train_concrete
from landmark.models.settings import ConcreteConfiguration
from landmark.progress import Report, silent
from landmark.training.data import Samples


@dataclass(frozen=True)
class Panel:
    """The panel that is wanted: ``size`` columns, those of ``start`` in any case and first, none of ``never``."""

    size: int
    start: tuple[int, ...] = ()
    never: tuple[int, ...] = ()

    def free(self, genes: int) -> np.ndarray:
        """Return which of so many genes may be chosen, those of the start included, bool [genes].

        Raises BadConfiguration if more genes are asked for than may be chosen, the start is longer than the size, or a
        gene is in it twice or must not be chosen.
        """
        free = np.ones(genes, dtype=bool)
        free[list(self.never)] = False
        if not 1 <= self.size <= int(free.sum()):
            raise BadConfiguration(
                f"size = {self.size:,}: there are {int(free.sum()):,} genes that may be chosen; take from 1 to "
                "that number"
            )
        if len(self.start) > self.size:
            raise BadConfiguration(
                f"size = {self.size:,}: the panel to start from has {len(self.start):,} genes already; choose a "
                "larger size"
            )
        if len(set(self.start)) < len(self.start) or not free[list(self.start)].all():
            raise BadConfiguration(
                "A gene of the panel to start from is there twice, or is among those that must not be chosen."
            )
        return free


@dataclass(frozen=True)
class Chosen:
    """Columns in the order in which they were chosen, [size], with what each added in the strategy's own measure.

    ``companions`` are the columns that each stands for, best first, and ``explained`` the share of each one's variance
    that the gene added to what was explained, [size, companions]; empty where the strategy does not know. ``details``
    are what it measured about itself, such as ``{"penalty": 2.0}``.
    """

    order: np.ndarray
    gain: np.ndarray
    companions: np.ndarray = field(default_factory=lambda: np.empty((0, 0), dtype=np.intp))
    explained: np.ndarray = field(default_factory=lambda: np.empty((0, 0), dtype=np.float32))
    details: Mapping[str, float] = field(default_factory=dict)


COMPANIONS = 10
"""Genes kept for each chosen one: those it explains best of all that was still unexplained."""


def companions(step: np.ndarray, whole: np.ndarray, own: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Find the genes whose remaining variance a chosen gene explained most.

    Parameters
    ----------
    step
        Root of the sum of squares that it explained of every gene, [genes].
    whole
        Sums of squares of the genes, [genes].
    own
        The chosen gene.

    Returns
    -------
    companions, shares
        The genes, best first, and the shares of their sums of squares, [count].
    """
    share = np.square(step) / np.maximum(whole, np.finfo(np.float32).tiny)
    share[own] = -1.0
    found = np.argpartition(-share, count - 1)[:count]
    found = found[np.argsort(-share[found], kind="stable")]
    return found, share[found]


MOST_SAMPLES = 2000
"""Samples at most that a choice compares with each other: more would take longer and hardly tell more."""


def some_of(samples: int, seed: int) -> np.ndarray | slice:
    """Return which samples take part: all, or positions of ``MOST_SAMPLES`` that are drawn where there are more."""
    if samples <= MOST_SAMPLES:
        return slice(None)
    return np.random.default_rng(seed).permutation(samples)[:MOST_SAMPLES]


class Strategy(Protocol):
    """A way of choosing genes. Its own settings are fields of the implementation."""

    def __call__(self, X: Samples, panel: Panel, report: Report) -> Chosen:
        """Choose columns of X, the training samples, standardised, float32 [samples, genes]."""
        ...


@dataclass(frozen=True)
class HighestScores:
    """Take the genes with the highest scores, one per gene, whatever the genes share with each other."""

    scores: np.ndarray

    def __call__(self, X: Samples, panel: Panel, report: Report = silent) -> Chosen:
        """Choose; the gain of a gene is its score."""
        free = panel.free(X.shape[1])
        free[list(panel.start)] = False
        best = [gene for gene in np.argsort(-self.scores, kind="stable") if free[gene]]
        order = np.array([*panel.start, *best[: panel.size - len(panel.start)]], dtype=np.intp)
        return Chosen(order, np.asarray(self.scores)[order])


def by_chance(genes: int, seed: int) -> HighestScores:
    """Choose at random: every gene has the same chance."""
    return HighestScores(np.random.default_rng(seed).random(genes))


@dataclass(frozen=True)
class Concrete:
    """Let a network learn which genes restore all others; see ``landmark.models.concrete``.

    A larger panel is learned anew: it need not contain a smaller one. An interrupted training goes on from its
    checkpoints in ``directory``.
    """

    configuration: ConcreteConfiguration = field(default_factory=ConcreteConfiguration)
    seed: int = 0
    directory: Path | None = None

    def __call__(self, X: Samples, panel: Panel, report: Report = silent) -> Chosen:
        """Choose; the gain of a gene is the share of the decoder's squared weights by which it is used.

        Details: ``sureness``, the mean probability with which neurons pick their most likely gene, which a training
        that was long enough brings close to 1; ``wanted_twice``, neurons whose gene another had.
        """
        panel.free(X.shape[1])
        start = list(panel.start)
        neurons = panel.size - len(start)
        if not neurons:
            return Chosen(np.array(start, dtype=np.intp), np.ones(len(start)) / len(start))
        trained = train_concrete(
            X,
            neurons,
            self.configuration,
            included=start,
            excluded=panel.never,
            seed=self.seed,
            directory=self.directory,
            report=report,
        )
        scores = trained.problem.scores(trained.parameters)
        used = np.square(trained.parameters["decoder"]["kernel"], dtype=np.float64).sum(axis=1)
        used /= used.sum()
        columns = np.array([*start, *distinct(scores)], dtype=np.intp)
        order = np.array([*range(len(start)), *(len(start) + np.argsort(-used[len(start) :], kind="stable"))])
        wanted = len(set(scores.argmax(axis=1)))
        details = {"sureness": float(_sureness(scores).mean()), "wanted_twice": neurons - wanted}
        return Chosen(columns[order], used[order], details=details)


def _sureness(scores: np.ndarray) -> np.ndarray:
    """Return the probability with which every neuron picks its most likely gene, float64 [neurons]."""
    scores = scores.astype(np.float64)
    return 1 / np.exp(scores - scores.max(axis=1, keepdims=True)).sum(axis=1)


def distinct(scores: np.ndarray) -> np.ndarray:
    """Give every neuron a gene of its own: its most likely one that no surer neuron has.

    From logits [neurons, genes], minus infinity for genes that may not be picked, to columns, int [neurons].
    """
    picked = np.empty(len(scores), dtype=np.intp)
    free = np.ones(scores.shape[1], dtype=bool)
    for neuron in np.argsort(-_sureness(scores), kind="stable"):
        picked[neuron] = np.argmax(np.where(free, scores[neuron], -np.inf))
        free[picked[neuron]] = False
    return picked
