"""Choosing the genes with the highest scores, one by one: the paper's ranking, and the usual simple choices."""

from dataclasses import dataclass

import numpy as np

from landmark.genesets.selection.panel import Chosen, Panel
from landmark.progress import Report, silent


@dataclass(frozen=True)
class HighestScores:
    """Take the genes with the highest scores, whatever they share with each other.

    Attributes
    ----------
    scores
        One per gene: the importance of the paper's ranking, the variance, or random numbers.
    """

    scores: np.ndarray

    def __call__(self, X: np.ndarray, panel: Panel, report: Report = silent) -> Chosen:
        """Choose; the gain of a gene is its score."""
        free = panel.free(X.shape[1])
        free[list(panel.start)] = False
        best = [gene for gene in np.argsort(-self.scores, kind="stable") if free[gene]]
        order = np.array([*panel.start, *best[: panel.size - len(panel.start)]], dtype=np.intp)
        return Chosen(order, np.asarray(self.scores)[order])


def by_chance(genes: int, seed: int) -> HighestScores:
    """Choose at random: every gene has the same chance."""
    return HighestScores(np.random.default_rng(seed).random(genes))
