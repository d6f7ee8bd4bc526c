"""One fold: genes are chosen on its training samples, its test samples are predicted, the sets are scored."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pandas as pd
import psutil

from landmark.analyses.benchmark.config import MOST_SEEDS, TournamentConfiguration
from landmark.analyses.choices import NetworkSettings, PredictorChoice
from landmark.analyses.fit.run import method
from landmark.genesets.selection import Panel
from landmark.inference.predict import predict
from landmark.inference.split import Groups, SplitExpression, validation_rows
from landmark.metrics.cross_validation import L1000, RANDOM, Candidate, FoldScores
from landmark.metrics.per_gene import Accuracy, accuracy
from landmark.models.autoencoder import TrainedAutoencoder, train_autoencoder
from landmark.progress import Progress, Report
from landmark.workflows.context import part
from landmark.workflows.samples import learning
from landmark.workflows.strategies import SelectionInput, select_genes

EVERY = 0.01
"""Seconds between two looks at the memory."""


class Spent:
    """Measures the work inside a ``with`` block.

    Memory is that of this process in the machine's own account, so it counts whatever allocates: NumPy, BLAS and XLA
    alike. Memory that the process had freed but not given back before the block is used again unseen, so a figure may
    be too low, never too high by more than what other threads take.

    Attributes
    ----------
    seconds
        Time on the clock; known after the block.
    memory
        Peak of resident memory less that at the beginning, in bytes; known after the block.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.memory = 0
        self._process = psutil.Process()
        self._over = threading.Event()

    def __enter__(self) -> Self:
        """Begin to measure."""
        self._before = self._process.memory_info().rss
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()
        self._began = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; errors pass through."""
        self.seconds = time.perf_counter() - self._began
        self._note()
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(EVERY):
            self._note()

    def _note(self) -> None:
        self.memory = max(self.memory, self._process.memory_info().rss - self._before)


MODELS = "models"
"""Stands in the table of costs for the training of the autoencoders, which several strategies share."""

ANEW = ("concrete",)
"""Strategies that choose anew for each size; of the others the first genes are the smaller sets."""


@dataclass(frozen=True)
class Order:
    """Genes chosen by a strategy, and the sizes of sets that are taken from its front.

    Attributes
    ----------
    strategy, draw
        As in ``metrics.cross_validation.Candidate``.
    columns
        Genes in the order of the choice, int [genes].
    sizes
        Ascending, the last no larger than the order.
    """

    strategy: str
    draw: int
    columns: np.ndarray
    sizes: tuple[int, ...]


@dataclass(frozen=True)
class Selection:
    """What the strategies chose in one fold, and what it took.

    Attributes
    ----------
    orders
        One per strategy, several of random sets, one per size of a strategy that chooses anew.
    costs
        strategy, size, seconds, memory (bytes); of the shared trainings as ``models``, size 0.
    """

    orders: list[Order]
    costs: pd.DataFrame


def select(
    train: np.ndarray,
    groups: np.ndarray | None,
    sizes: Sequence[int],
    configuration: TournamentConfiguration,
    seed: int,
    fold: int,
    checkpoints: Path,
    report: Report,
) -> Selection:
    """Let every strategy choose.

    Parameters
    ----------
    train
        Training samples of the fold in the dataset's units, [samples, genes].
    groups
        Of samples that are never divided, int [samples]; None where every sample stands by itself.
    sizes
        Of the sets, ascending.
    seed, fold
        Of what is drawn.
    checkpoints
        Folder from which an interrupted training goes on.
    report
        Told about progress.
    """
    costs, orders = [], []
    models: Sequence[TrainedAutoencoder] = ()
    if configuration.trainings:
        with Spent() as spent:
            models = _trained(train, groups, configuration, seed, checkpoints, report)
        seconds = sum(
            float(model.history["seconds"].sum()) for model in models
        )  # also before an interruption
        costs.append((MODELS, 0, seconds, spent.memory))
    for number, (strategy, tried) in enumerate(jobs := list(_jobs(configuration, sizes))):
        draws = configuration.random_sets if strategy == RANDOM else 1
        of_strategy = part(report, "Choosing genes", number, len(jobs), "strategy")
        with Spent() as spent:
            for draw in range(draws):
                own_seed = _seed(seed, fold, draw) if strategy == RANDOM else seed
                material = SelectionInput(train, lambda: models, own_seed)
                found = select_genes(
                    strategy,
                    material,
                    Panel(tried[-1]),
                    configuration,
                    of_strategy,
                    directory=checkpoints / f"{strategy}-{tried[-1]}",
                )
                orders.append(Order(strategy, draw, found.order, tried))
        costs.append((strategy, tried[-1], spent.seconds / draws, spent.memory))
    return Selection(orders, pd.DataFrame(costs, columns=["strategy", "size", "seconds", "memory"]))


def _jobs(
    configuration: TournamentConfiguration, sizes: Sequence[int]
) -> Iterator[tuple[str, tuple[int, ...]]]:
    for strategy in configuration.strategies:
        if strategy in ANEW:
            yield from ((strategy, (size,)) for size in sizes)
        else:
            yield strategy, tuple(sizes)


def _trained(
    train: np.ndarray,
    groups: np.ndarray | None,
    configuration: TournamentConfiguration,
    seed: int,
    checkpoints: Path,
    report: Report,
) -> list[TrainedAutoencoder]:
    """Train on all samples; a part of them is held out only where a choice of epochs looks at held-out samples."""
    network = configuration.network.model_copy(update={"seed": seed})
    held = validation_rows(len(train), seed, groups)
    learned, judging = learning(train, train[held], network, groups)  # the same for all models
    found = []
    for number in range(configuration.models):
        own_seed = seed + MOST_SEEDS * number
        of_model = part(report, "Training", number, configuration.models, "model")
        of_model(Progress("Training"))
        found.append(
            train_autoencoder(
                learned,
                judging,
                network.model_copy(update={"seed": own_seed}),
                directory=checkpoints / f"network-{number}",
                report=of_model,
            )
        )
    return found


def _seed(*numbers: int) -> int:
    """Make one seed of several numbers, so that every fold and set has its own."""
    return int(np.random.SeedSequence(numbers).generate_state(1)[0])


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
