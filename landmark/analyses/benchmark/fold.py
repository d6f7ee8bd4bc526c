"""One fold: genes are chosen on its training samples, its test samples are predicted, the sets are scored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from landmark.analyses.benchmark.config import TournamentConfiguration
from landmark.analyses.benchmark.selection import Order, Selection, select
from landmark.analyses.choices import NetworkSettings, PredictorChoice
from landmark.analyses.fit.run import method
from landmark.inference.predict import predict
from landmark.inference.split import Groups, SplitExpression
from landmark.metrics.cross_validation import L1000, RANDOM, Candidate, FoldScores
from landmark.metrics.per_gene import Accuracy, accuracy
from landmark.progress import Progress, Report
from landmark.workflows.context import part

PHASES = (0.6, 0.7, 1.0)
"""Shares of a fold that are done after training, choosing, and predicting, about."""


@dataclass(frozen=True)
class Setup:
    """What all folds have in common.

    Attributes
    ----------
    X
        All samples in the dataset's units, [samples, genes].
    genes
        Names of the columns.
    sizes
        Of the sets, ascending.
    l1000
        Columns of the L1000 genes in their published order; empty where the dataset has too few.
    groups
        Number of the group of each sample, where folds keep groups whole, int [samples].
    copied, gene_of_probe
        As in ``metrics.cross_validation.FoldScores``.
    """

    X: np.ndarray
    genes: tuple[str, ...]
    sizes: tuple[int, ...]
    l1000: np.ndarray
    copied: np.ndarray
    gene_of_probe: np.ndarray | None
    groups: np.ndarray | None = None


def run_fold(
    setup: Setup,
    configuration: TournamentConfiguration,
    seed: int,
    fold: int,
    test: np.ndarray,
    checkpoints: Path,
    report: Report,
) -> Mapping[str, pd.DataFrame]:
    """Return the tables results, duels, chosen and costs of a fold.

    Parameters
    ----------
    test
        The samples of the fold, bool [samples]; all others train.
    checkpoints
        Folder from which interrupted trainings go on.
    report
        Told about progress, from 0 to 1.
    """
    train = setup.X[~test]
    together = None if setup.groups is None else Groups(setup.groups[~test], setup.groups[test])
    within = together.train if together else None
    chosen = select(train, within, setup.sizes, configuration, seed, fold, checkpoints, _choosing(report))
    orders = [*chosen.orders, *_reference(setup)]
    split = SplitExpression.of(train, setup.X[test], setup.genes, groups=together)
    results, duels = [], []
    for number, name in enumerate(configuration.predictors):
        predicting = _phase(report, PHASES[1], PHASES[2])
        of_predictor = part(predicting, f"Predicting with {name}", number, len(configuration.predictors))
        for size, scored in _rounds(
            setup, split, orders, name, configuration, seed, checkpoints, of_predictor
        ):
            at = {"size": size, "predictor": name}
            results.append(scored.results().assign(**at))
            duels.append(scored.duels().assign(**at))
    return {
        "results": pd.concat(results, ignore_index=True),
        "duels": pd.concat(duels, ignore_index=True),
        "chosen": _chosen(chosen, setup.genes),
        "costs": chosen.costs,
    }


def _reference(setup: Setup) -> Iterator[Order]:
    sizes = tuple(size for size in setup.sizes if size <= len(setup.l1000))
    if sizes:
        yield Order(L1000, 0, setup.l1000[: sizes[-1]], sizes)


def _rounds(
    setup: Setup,
    split: SplitExpression,
    orders: Sequence[Order],
    predictor: str,
    configuration: TournamentConfiguration,
    seed: int,
    checkpoints: Path,
    report: Report,
) -> Iterator[tuple[int, FoldScores]]:
    """Predict from every set by one method, and bring the sets of one size together."""
    candidates: dict[int, list[Candidate]] = {size: [] for size in setup.sizes}
    largest = _largest(orders, len(setup.genes))
    settings = {name: getattr(configuration, name) for name in NetworkSettings.model_fields}
    choice = PredictorChoice.parse({"predictor": predictor, **settings})
    true = split.test_columns(setup.genes)
    for number, order in enumerate(orders):
        of_order = part(report, f"Predicting with {predictor}", number, len(orders), "set")
        predictions = _predictions(setup, split, order, choice, seed, checkpoints, of_order)
        for size, predicted in predictions:
            own = np.zeros(len(setup.genes), dtype=bool)
            own[order.columns[:size]] = True
            scored = _scored(true, predicted, own)
            whole = largest[order.strategy, order.draw]
            candidates[size].append(Candidate(order.strategy, order.draw, whole, scored))
            of_order(Progress("Scoring", order.sizes.index(size) + 1, len(order.sizes)))
    chosen = [genes for (strategy, _), genes in largest.items() if strategy != RANDOM]
    measured = np.any(chosen, axis=0) if chosen else None
    for size, of_size in candidates.items():
        yield size, FoldScores(of_size, setup.copied, setup.gene_of_probe, measured)


def _largest(orders: Sequence[Order], genes: int) -> dict[tuple[str, int], np.ndarray]:
    """Return which genes every way of choosing takes at any of its sizes, bool [genes], by strategy and draw."""
    found: dict[tuple[str, int], np.ndarray] = {}
    for order in orders:
        taken = found.setdefault((order.strategy, order.draw), np.zeros(genes, dtype=bool))
        taken[order.columns] = True
    return found


def _predictions(
    setup: Setup,
    split: SplitExpression,
    order: Order,
    choice: PredictorChoice,
    seed: int,
    checkpoints: Path,
    report: Report,
) -> Iterator[tuple[int, np.ndarray]]:
    """Predict all genes from the sets of rising size of one order, each learned anew."""
    name = choice.predictor
    for number, size in enumerate(order.sizes):
        landmarks = [setup.genes[column] for column in order.columns[:size]]
        predictor = method(choice, checkpoints / f"{name}-{order.strategy}-{order.draw}-{size}", seed)
        of_size = part(report, f"Predicting with {name}", number, len(order.sizes))
        yield size, predict(split, landmarks, setup.genes, predictor, seed=seed, report=of_size).predicted


def _scored(true: np.ndarray, predicted: np.ndarray, own: np.ndarray) -> Accuracy:
    """Measure all genes; those of the set are known without error, also where they do not vary in the test."""
    found = accuracy(true, predicted)
    return Accuracy(np.where(own, 0.0, found.mae), found.pcc)


def _chosen(selection: Selection, genes: tuple[str, ...]) -> pd.DataFrame:
    """Write every order: strategy, draw, size (the largest set), rank, gene."""
    parts = [
        pd.DataFrame(
            {
                "strategy": order.strategy,
                "draw": order.draw,
                "size": len(order.columns),
                "rank": np.arange(1, len(order.columns) + 1),
                "gene": [genes[column] for column in order.columns],
            }
        )
        for order in selection.orders
    ]
    return pd.concat(parts, ignore_index=True)


def _choosing(report: Report) -> Report:
    """Tell training from choosing by what is counted, each with its share of the fold."""
    training, choosing = _phase(report, 0.0, PHASES[0]), _phase(report, PHASES[0], PHASES[1])
    return lambda progress: (training if progress.unit == "model" else choosing)(progress)


def _phase(report: Report, low: float, high: float) -> Report:
    """Return a report whose progress goes from one share of the fold to another."""

    def of_phase(progress: Progress) -> None:
        share = progress.done / progress.total if progress.total else 0.0
        report(replace(progress, done=low + (high - low) * share, total=1.0))

    return of_phase
