"""Genes that a concrete autoencoder picks."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from landmark.genesets.selection.panel import Chosen, Panel
from landmark.models.settings import ConcreteConfiguration
from landmark.progress import Report, silent


@dataclass(frozen=True)
class Concrete:
    """Let a network learn which genes restore all others; see ``landmark.models.concrete``.

    A larger panel is learned anew: it need not contain a smaller one.

    Attributes
    ----------
    configuration
        How the network is trained.
    seed
        Of its training.
    directory
        Folder of checkpoints, from which an interrupted training goes on; None keeps none.
    """

    configuration: ConcreteConfiguration = field(default_factory=ConcreteConfiguration)
    seed: int = 0
    directory: Path | None = None

    def __call__(self, X: np.ndarray, panel: Panel, report: Report = silent) -> Chosen:
        """Choose; the gain of a gene is the share of the decoder's squared weights by which it is used.

        Details: ``sureness``, the mean probability with which neurons pick their most likely gene, which a training
        that was long enough brings close to 1; ``wanted_twice``, neurons whose gene another had.
        """
        # Not at the top, so that pages, which use this package too, start without JAX.
        from landmark.models.concrete import train_concrete

        panel.free(X.shape[1])
        given = list(panel.start)
        neurons = panel.size - len(given)
        if not neurons:
            return Chosen(np.array(given, dtype=np.intp), np.ones(len(given)) / len(given))
        trained = train_concrete(
            X,
            neurons,
            self.configuration,
            given=given,
            barred=panel.never,
            seed=self.seed,
            directory=self.directory,
            report=report,
        )
        scores = trained.problem.scores(trained.parameters)
        used = np.square(trained.parameters["decoder"]["kernel"], dtype=np.float64).sum(axis=1)
        used /= used.sum()
        columns = np.array([*given, *distinct(scores)], dtype=np.intp)
        order = np.array([*range(len(given)), *(len(given) + np.argsort(-used[len(given) :], kind="stable"))])
        wanted = len(set(scores.argmax(axis=1)))
        details = {"sureness": float(sureness(scores).mean()), "wanted_twice": neurons - wanted}
        return Chosen(columns[order], used[order], details=details)


def sureness(scores: np.ndarray) -> np.ndarray:
    """Return the probability with which every neuron picks its most likely gene, float64 [neurons]."""
    scores = scores.astype(np.float64)
    return 1 / np.exp(scores - scores.max(axis=1, keepdims=True)).sum(axis=1)


def distinct(scores: np.ndarray) -> np.ndarray:
    """Give every neuron a gene of its own: its most likely one that no surer neuron has.

    Parameters
    ----------
    scores
        Logits, [neurons, genes]; minus infinity for genes that may not be picked.

    Returns
    -------
    ndarray
        Columns, int [neurons].
    """
    picked = np.empty(len(scores), dtype=np.intp)
    free = np.ones(scores.shape[1], dtype=bool)
    for neuron in np.argsort(-sureness(scores), kind="stable"):
        picked[neuron] = np.argmax(np.where(free, scores[neuron], -np.inf))
        free[picked[neuron]] = False
    return picked
