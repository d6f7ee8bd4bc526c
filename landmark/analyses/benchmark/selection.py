"""Choose genes by every strategy from the training samples of one fold, which are all that is seen here."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pandas as pd
import psutil

from landmark.analyses.benchmark.config import MOST_SEEDS, TournamentConfiguration
from landmark.genesets.selection.panel import Panel
from landmark.inference.split import validation_rows
from landmark.metrics.cross_validation import RANDOM
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
