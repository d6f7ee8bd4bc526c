"""One fold: genes are chosen on its training samples, its test samples are predicted, the sets are scored."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

from landmark.analyses.benchmark.config import MOST_SEEDS, BenchmarkConfiguration
from landmark.analyses.choices import ANEW, NetworkSettings, PredictorChoice
from landmark.analyses.fit.run import method
from landmark.genesets.selection import Panel
from landmark.inference.predict import predict
from landmark.inference.split import Groups, SplitExpression, validation_rows
from landmark.metrics.cross_validation import L1000, RANDOM, Candidate, FoldScores
from landmark.metrics.per_gene import accuracy
from landmark.models.autoencoder import TrainedAutoencoder, train_autoencoder
from landmark.progress import Progress, Report
from landmark.workflows.context import part
from landmark.workflows.samples import learning
from landmark.workflows.strategies import SelectionInput, select_genes

EVERY = 0.01
"""Seconds between two looks at the memory."""

PHASES = (0.6, 0.7, 1.0)
"""Shares of a fold that are done after training, choosing, and predicting, about."""

MODELS = "models"
"""Stands in the table of costs for the training of the autoencoders, which several strategies share."""


@dataclass
class Spent:
    """Time on the clock, and the peak of resident memory less that at the beginning, in bytes."""

    seconds: float = 0.0
    memory: int = 0


@contextmanager
def measured() -> Iterator[Spent]:
    """Measure the work inside a ``with`` block; what was spent is known after it.

    Memory is that of this process in the machine's own account, so it counts whatever allocates: NumPy, BLAS and XLA
    alike. Memory that the process had freed but not given back before the block is used again unseen, so a figure may
    be too low, never too high by more than what other threads take.
    """
    spent, process, over = Spent(), psutil.Process(), threading.Event()
    before = process.memory_info().rss

    def note() -> None:
        spent.memory = max(spent.memory, process.memory_info().rss - before)

    def look() -> None:
        while not over.wait(EVERY):
            note()

    watch = threading.Thread(target=look, daemon=True)
    watch.start()
    began = time.perf_counter()
    try:
        yield spent
    finally:
        spent.seconds = time.perf_counter() - began
        note()
        over.set()
        watch.join()


@dataclass(frozen=True)
class Setup:
    """What all folds have in common: all samples in the dataset's units, [samples, genes], and the names of genes.

    ``sizes`` of the sets are ascending. ``l1000`` are the columns of the L1000 genes in their published order, empty
    where the dataset has too few; ``groups`` the number of the group of each sample, where folds keep groups whole.
    ``copied`` and ``gene_of_probe`` are as in ``metrics.cross_validation.FoldScores``.
    """

    X: np.ndarray
    genes: tuple[str, ...]
    sizes: tuple[int, ...]
    l1000: np.ndarray
    copied: np.ndarray
    gene_of_probe: np.ndarray | None
    groups: np.ndarray | None = None


@dataclass(frozen=True)
class Order:
    """Columns in the order of a choice, and the sizes, ascending, of the sets that are taken from its front."""

    strategy: str
    draw: int
    columns: np.ndarray
    sizes: tuple[int, ...]


@dataclass(frozen=True)
class Fold:
    """One fold of one seed.

    ``test`` says of each sample whether it is of the fold, bool [samples]; all others train. From the folder
    ``checkpoints`` interrupted trainings go on.
    """

    setup: Setup
    configuration: BenchmarkConfiguration
    seed: int
    number: int
    test: np.ndarray
    checkpoints: Path

    def run(self, report: Report) -> Mapping[str, pd.DataFrame]:
        """Return the tables results, duels, chosen and costs; progress goes from 0 to 1."""
        setup, groups = self.setup, self.setup.groups
        train = setup.X[~self.test]
        together = None if groups is None else Groups(groups[~self.test], groups[self.test])
        orders, costs = self._chosen(train, together.train if together else None, _choosing(report))
        chosen = _table(orders, setup.genes)
        sizes = tuple(size for size in setup.sizes if size <= len(setup.l1000))
        if sizes:
            orders = [*orders, Order(L1000, 0, setup.l1000[: sizes[-1]], sizes)]
        split = SplitExpression.of(train, setup.X[self.test], setup.genes, groups=together)
        results, duels = [], []
        for number, name in enumerate(self.configuration.predictors):
            predicting = _phase(report, PHASES[1], PHASES[2])
            of_predictor = part(
                predicting, f"Predicting with {name}", number, len(self.configuration.predictors)
            )
            for size, scored in self._scored(split, orders, name, of_predictor):
                at = {"size": size, "predictor": name}
                results.append(scored.results().assign(**at))
                duels.append(scored.duels().assign(**at))
        return {
            "results": pd.concat(results, ignore_index=True),
            "duels": pd.concat(duels, ignore_index=True),
            "chosen": chosen,
            "costs": costs,
        }

    def _chosen(
        self, train: np.ndarray, groups: np.ndarray | None, report: Report
    ) -> tuple[list[Order], pd.DataFrame]:
        """Let every strategy choose; what it took is strategy, size, seconds, memory (bytes), the trainings apart."""
        costs, orders = [], []
        models: Sequence[TrainedAutoencoder] = ()
        if self.configuration.trainings:
            with measured() as spent:
                models = self._trained(train, groups, report)
            # also before an interruption
            seconds = sum(float(model.history["seconds"].sum()) for model in models)
            costs.append((MODELS, 0, seconds, spent.memory))
        for number, (strategy, sizes) in enumerate(jobs := list(self._jobs())):
            draws = self.configuration.random_sets if strategy == RANDOM else 1
            of_strategy = part(report, "Choosing genes", number, len(jobs), "strategy")
            with measured() as spent:
                for draw in range(draws):
                    own_seed = _seed(self.seed, self.number, draw) if strategy == RANDOM else self.seed
                    found = select_genes(
                        strategy,
                        SelectionInput(train, lambda: models, own_seed, groups),
                        Panel(sizes[-1]),
                        self.configuration,
                        of_strategy,
                        directory=self.checkpoints / f"{strategy}-{sizes[-1]}",
                    )
                    orders.append(Order(strategy, draw, found.order, sizes))
            costs.append((strategy, sizes[-1], spent.seconds / draws, spent.memory))
        return orders, pd.DataFrame(costs, columns=["strategy", "size", "seconds", "memory"])

    def _jobs(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        for strategy in self.configuration.strategies:
            if strategy in ANEW:
                yield from ((strategy, (size,)) for size in self.setup.sizes)
            else:
                yield strategy, self.setup.sizes

    def _trained(
        self, train: np.ndarray, groups: np.ndarray | None, report: Report
    ) -> list[TrainedAutoencoder]:
        """Train on all samples; a part is held out only where a choice of epochs looks at held-out samples."""
        network = self.configuration.network.model_copy(update={"seed": self.seed})
        held = validation_rows(len(train), self.seed, groups)
        learned, judging = learning(train, train[held], network, groups)  # the same for all models
        found = []
        for number in range(self.configuration.models):
            of_model = part(report, "Training", number, self.configuration.models, "model")
            of_model(Progress("Training"))
            found.append(
                train_autoencoder(
                    learned,
                    judging,
                    network.model_copy(update={"seed": self.seed + MOST_SEEDS * number}),
                    directory=self.checkpoints / f"network-{number}",
                    report=of_model,
                )
            )
        return found

    def _scored(
        self, split: SplitExpression, orders: Sequence[Order], predictor: str, report: Report
    ) -> Iterator[tuple[int, FoldScores]]:
        """Predict from every set by one method, and bring the sets of one size together."""
        setup = self.setup
        candidates: dict[int, list[Candidate]] = {size: [] for size in setup.sizes}
        largest = _largest(orders, len(setup.genes))
        settings = {name: getattr(self.configuration, name) for name in NetworkSettings.model_fields}
        choice = PredictorChoice.parse({"predictor": predictor, **settings})
        true = split.test_columns(setup.genes)
        for number, order in enumerate(orders):
            of_order = part(report, f"Predicting with {predictor}", number, len(orders), "set")
            for size, predicted in self._predicted(split, order, choice, of_order):
                found = accuracy(true, predicted)
                # Genes of the set are known without error, also where they do not vary in the test.
                found.mae[order.columns[:size]] = 0.0
                whole = largest[order.strategy, order.draw]
                candidates[size].append(Candidate(order.strategy, order.draw, whole, found))
                of_order(Progress("Scoring", order.sizes.index(size) + 1, len(order.sizes)))
        chosen = [genes for (strategy, _), genes in largest.items() if strategy != RANDOM]
        taken = np.any(chosen, axis=0) if chosen else None
        for size, of_size in candidates.items():
            yield size, FoldScores(of_size, setup.copied, setup.gene_of_probe, taken)

    def _predicted(
        self, split: SplitExpression, order: Order, choice: PredictorChoice, report: Report
    ) -> Iterator[tuple[int, np.ndarray]]:
        """Predict all genes from the sets of rising size of one order, each learned anew."""
        name, genes = choice.predictor, self.setup.genes
        for number, size in enumerate(order.sizes):
            landmarks = [genes[column] for column in order.columns[:size]]
            folder = self.checkpoints / f"{name}-{order.strategy}-{order.draw}-{size}"
            predictor = method(choice, folder, self.seed)
            of_size = part(report, f"Predicting with {name}", number, len(order.sizes))
            yield size, predict(split, landmarks, genes, predictor, seed=self.seed, report=of_size).predicted


def _largest(orders: Sequence[Order], genes: int) -> dict[tuple[str, int], np.ndarray]:
    """Return which genes every way of choosing takes at any of its sizes, bool [genes], by strategy and draw."""
    found: dict[tuple[str, int], np.ndarray] = {}
    for order in orders:
        found.setdefault((order.strategy, order.draw), np.zeros(genes, dtype=bool))[order.columns] = True
    return found


def _table(orders: Sequence[Order], genes: tuple[str, ...]) -> pd.DataFrame:
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
        for order in orders
    ]
    return pd.concat(parts, ignore_index=True)


def _seed(*numbers: int) -> int:
    """Make one seed of several numbers, so that every fold and set has its own."""
    return int(np.random.SeedSequence(numbers).generate_state(1)[0])


def _choosing(report: Report) -> Report:
    """Distinguish training from choosing by what is counted, each with its share of the fold."""
    training, choosing = _phase(report, 0.0, PHASES[0]), _phase(report, PHASES[0], PHASES[1])
    return lambda progress: (training if progress.unit == "model" else choosing)(progress)


def _phase(report: Report, low: float, high: float) -> Report:
    """Return a report whose progress goes from one share of the fold to another."""

    def of_phase(progress: Progress) -> None:
        share = progress.done / progress.total if progress.total else 0.0
        report(replace(progress, done=low + (high - low) * share, total=1.0))

    return of_phase
