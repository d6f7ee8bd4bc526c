"""How genes chosen in the same way do on training samples that the choice has not seen, beside L1000 and chance."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from landmark.analyses.choices import CHECKED, StrategySettings
from landmark.analyses.selection.results import Margin, SelectionCheck
from landmark.genesets.selection import Panel
from landmark.genesets.sources import random_sets
from landmark.inference.predict import predict
from landmark.inference.ridge import Ridge
from landmark.inference.split import Groups, SplitExpression, validation_rows
from landmark.metrics.paired import LEAST_UNITS, redrawn, units_of
from landmark.progress import Progress, Report
from landmark.workflows.context import part
from landmark.workflows.strategies import SelectionInput, select_genes

HELD_OUT = 0.25
"""Share of the training samples on which a choice from the others is judged."""

FEWEST_SAMPLES = 20
"""With fewer training samples a quarter of them says nothing."""

MOST_SAMPLES = 4000
"""Training samples at most that take part in a check: more would take memory and hardly tell more."""

CHANCE_SETS = 10
"""Random sets of the same size."""

SUBSETS = 5
"""Parts of L1000 that are drawn where fewer genes are chosen than it has."""

DRAWS, LEVEL = 1000, 0.95
"""Of the bootstrap over held-out samples."""


def check_selection(
    name: str,
    material: SelectionInput,
    genes: Sequence[str],
    panel: Panel,
    published: Sequence[str],
    settings: StrategySettings,
    report: Report,
) -> SelectionCheck | None:
    """Choose from three quarters of the training samples and predict the others by ridge regression.

    Everything is learned from the three quarters: scaling, penalties, the choice. Each opponent is a set of the same
    size, compared on the genes that neither measures.

    Parameters
    ----------
    name
        One of the strategies.
    genes
        Names of the columns of the material.
    published
        The L1000 genes among them.

    Returns
    -------
    SelectionCheck or None
        None where the strategy is not checked, or there are too few samples or genes to say something.
    """
    material = _drawn(material)
    samples, size = len(material.train), panel.size
    if name not in CHECKED or samples < FEWEST_SAMPLES or 2 * size >= len(genes):
        return None
    held = validation_rows(samples, material.seed, material.groups, HELD_OUT)
    groups = material.groups
    apart = replace(material, train=material.train[~held], groups=None if groups is None else groups[~held])
    chosen = select_genes(name, apart, panel, settings, part(report, "Choosing for a check", 0, 2))
    split = SplitExpression.of(
        apart.train,
        material.train[held],
        genes,
        groups=None if groups is None else Groups(groups[~held], groups[held]),
    )
    judge = Judge(split, tuple(genes[column] for column in chosen.order), material.seed, report)
    opponents = l1000_of_size(published, size, material.seed)
    return SelectionCheck(
        samples=int(held.sum()),
        l1000=judge.against(opponents, "L1000") if opponents else None,
        random=judge.against(
            [found.genes for found in random_sets(genes, size, CHANCE_SETS, material.seed)], "random sets"
        ),
    )


def _drawn(material: SelectionInput) -> SelectionInput:
    """Take some of very many samples."""
    if len(material.train) <= MOST_SAMPLES:
        return material
    order = np.random.default_rng(material.seed).permutation(len(material.train))
    some = np.sort(order[:MOST_SAMPLES])
    groups = None if material.groups is None else material.groups[some]
    return replace(material, train=material.train[some], groups=groups)


def l1000_of_size(published: Sequence[str], size: int, seed: int) -> list[tuple[str, ...]]:
    """Return L1000 where it has the size, parts of it where it is larger, nothing where it is smaller."""
    if len(published) < size:
        return []
    if len(published) == size:
        return [tuple(published)]
    return [found.genes for found in random_sets(published, size, SUBSETS, seed)]


class Judge:
    """Compares one choice with others on the test samples of a split."""

    def __init__(self, split: SplitExpression, chosen: tuple[str, ...], seed: int, report: Report) -> None:
        self._split, self._chosen, self._seed, self._report = split, chosen, seed, report
        self._errors = self._errors_of(chosen)

    def against(self, opponents: Sequence[tuple[str, ...]], named: str) -> Margin:
        """Compare mean absolute errors; samples are drawn anew for the interval, groups as wholes."""
        ours, theirs = np.zeros(len(self._split.test)), np.zeros(len(self._split.test))
        own = set(self._chosen)
        for number, opponent in enumerate(opponents):
            self._report(Progress(f"Comparing with {named}", number, len(opponents), "gene set"))
            errors, measured = self._errors_of(opponent), own.union(opponent)
            shared = [place for place, gene in enumerate(self._split.genes) if gene not in measured]
            ours += self._errors[:, shared].mean(axis=1) / len(opponents)
            theirs += errors[:, shared].mean(axis=1) / len(opponents)
        difference = float(ours.mean() / theirs.mean() - 1)
        groups = self._split.groups.test if self._split.groups else None
        if units_of(len(ours), groups) < LEAST_UNITS:
            return Margin(difference=difference)
        weights = redrawn(len(ours), DRAWS, self._seed, groups)
        tails = (1 - LEVEL) / 2, (1 + LEVEL) / 2
        low, high = np.quantile((weights @ ours) / (weights @ theirs) - 1, tails)
        return Margin(difference=difference, low=float(low), high=float(high))

    def _errors_of(self, landmarks: tuple[str, ...]) -> np.ndarray:
        """Return absolute errors of all genes, float32 [samples, genes]; NaN for those that are measured."""
        own = set(landmarks)
        others = [place for place, gene in enumerate(self._split.genes) if gene not in own]
        targets = [self._split.genes[place] for place in others]
        found = predict(self._split, landmarks, targets, Ridge(), seed=self._seed)
        errors = np.full(self._split.test.shape, np.nan, np.float32)
        errors[:, others] = np.abs(found.true - found.predicted)
        return errors
