"""How genes chosen in the same way do on training samples that the choice has not seen, beside L1000 and chance."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from landmark.analyses.choices import CHECKED, StrategySettings
from landmark.analyses.selection.results import GroupsApart, Margin, Nearest, SelectionCheck
from landmark.genesets.selection import Panel
from landmark.genesets.sources import random_sets
from landmark.inference.neighbours import nearest_samples
from landmark.inference.predict import predict
from landmark.inference.ridge import Ridge
from landmark.inference.split import Groups, SplitExpression, validation_rows
from landmark.metrics.agreement import mean_recall
from landmark.metrics.paired import LEAST_UNITS, redrawn, units_of
from landmark.progress import Progress, Report
from landmark.training.data import in_memory
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
    learned, unseen = material.some(~held), material.some(held)
    choices = [learned, replace(learned, apart=None)] if learned.apart else [learned]

    def choose(number: int) -> tuple[str, ...]:
        of_choice = part(report, "Choosing for a check", number, 1 + len(choices))
        found = select_genes(name, choices[number], panel, settings, of_choice)
        return tuple(genes[column] for column in found.order)

    chosen = [choose(number) for number in range(len(choices))]
    groups = None if material.groups is None else Groups(material.groups[~held], material.groups[held])
    split = SplitExpression.of(in_memory(learned.train), in_memory(unseen.train), genes, groups=groups)
    judge = Judge(split, chosen[0], material.seed, report)
    parts = l1000_of_size(published, size, material.seed)
    chance = [found.genes for found in random_sets(genes, size, CHANCE_SETS, material.seed)]
    found = SelectionCheck(
        samples=int(held.sum()),
        l1000=judge.against(parts, "L1000") if parts else None,
        random=judge.against(chance, "random sets"),
    )
    if not (learned.apart and unseen.apart):
        return found
    report(Progress("Looking for the nearest samples"))
    nearest = GroupJudge(split, learned.apart.groups, unseen.apart.groups, material.seed)
    return found.model_copy(
        update={
            "without_label": judge.against(chosen[1:], "the choice without groups"),
            "apart": nearest.compared(chosen[0], chosen[1], parts, chance),
        }
    )


def _drawn(material: SelectionInput) -> SelectionInput:
    """Take some of very many samples."""
    if len(material.train) <= MOST_SAMPLES:
        return material
    order = np.random.default_rng(material.seed).permutation(len(material.train))
    return material.some(np.sort(order[:MOST_SAMPLES]))


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


class GroupJudge:
    """Judges gene sets by the nearest training sample of each test sample: is it of the same group?

    Nearest by Euclidean distance over the standardised genes of the set. ``of_train`` and ``of_test`` are the groups of
    the samples of a split, text, empty for none; test samples of a group without training samples take no part.
    """

    def __init__(self, split: SplitExpression, of_train: np.ndarray, of_test: np.ndarray, seed: int) -> None:
        self._split = split
        self._known = np.flatnonzero(of_train != "")
        self._judged = np.flatnonzero(np.isin(of_test, of_train[self._known]))
        self._of_train, self._of_test = of_train[self._known], of_test[self._judged]
        self._codes = np.unique(self._of_test, return_inverse=True)[1]
        self._seed = seed

    def compared(
        self,
        chosen: tuple[str, ...],
        without: tuple[str, ...],
        l1000: Sequence[tuple[str, ...]],
        chance: Sequence[tuple[str, ...]],
    ) -> GroupsApart | None:
        """Compare a choice with one without regard to the groups, with parts of L1000, if any, and with random sets.

        None where no test sample takes part.
        """
        if not len(self._judged):
            return None
        own = self._accuracy(chosen)
        return GroupsApart(
            groups=int(self._codes.max()) + 1,
            samples=len(self._judged),
            chosen=float(own[0]),
            without=self._beside(own, [without]),
            l1000=self._beside(own, l1000) if l1000 else None,
            random=self._beside(own, chance),
            all_genes=self._beside(own, [self._split.genes]),
        )

    @cached_property
    def _weights(self) -> np.ndarray:
        """How often each sample counts: once, and as often as it is in every draw, [1 + draws, samples]."""
        groups = self._split.groups.test[self._judged] if self._split.groups else None
        once = np.ones((1, len(self._judged)))
        if units_of(len(self._judged), groups) < LEAST_UNITS:
            return once
        return np.vstack([once, redrawn(len(self._judged), DRAWS, self._seed, groups)])

    def _accuracy(self, genes: tuple[str, ...]) -> np.ndarray:
        """Return the accuracy as it is, and in every draw of the samples."""
        test, train = self._split.test_columns(genes), self._split.train_columns(genes)
        nearest = nearest_samples(test[self._judged], train[self._known]).nearest[:, 0]
        return mean_recall(self._codes, self._of_train[nearest] == self._of_test, self._weights)

    def _beside(self, own: np.ndarray, sets: Sequence[tuple[str, ...]]) -> Nearest:
        theirs = np.mean([self._accuracy(genes) for genes in sets], axis=0)
        differences = (own - theirs)[1:]
        if not len(differences):
            return Nearest(accuracy=float(theirs[0]))
        low, high = np.quantile(differences, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
        return Nearest(accuracy=float(theirs[0]), difference_low=float(low), difference_high=float(high))
