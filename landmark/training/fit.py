"""Fit any problem: epochs, validation, history, checkpoints."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd

from landmark.errors import BadData, BadRun
from landmark.progress import Progress, Report, silent
from landmark.training import checkpoint, steps
from landmark.training.data import Chosen, Source, epoch_order, size_bytes
from landmark.training.mesh import agreed, meet, memory_bytes, put_tree, replicated, sample_mesh
from landmark.training.placement import Placement, place
from landmark.training.problem import Parameters
from landmark.training.settings import TrainingConfiguration
from landmark.training.steps import State
from landmark.training.trained import P, Trained, kept_epoch

MONITORED_STREAM = 1
"""Sets the draw of monitored samples apart from other uses of the seed."""


def monitored_rows(samples: int, monitored: int, seed: int) -> np.ndarray:
    """Draw the samples on which the training loss is watched, sorted indices."""
    random = np.random.default_rng([seed, 0, MONITORED_STREAM])
    return np.sort(random.choice(samples, min(monitored, samples), replace=False))


SECONDS = 0.7
"""Aim between two looks at progress and cancellation."""

GROWTH = 4
"""A stretch is at most so many times longer than the one before: the first also compiles."""


@dataclass
class Pace:
    """Cuts many steps into stretches of about equal time, learning as it goes. Never changes a result."""

    steps: int = 1

    def stretches(self, steps: int) -> Iterator[tuple[int, int]]:
        """Yield the first and last (exclusive) step of each stretch; the caller takes them meanwhile."""
        first = 0
        while first < steps:
            last = min(first + agreed(self.steps), steps)
            began = time.perf_counter()
            yield first, last
            fitting = int((last - first) * SECONDS / max(time.perf_counter() - began, 1e-6))
            self.steps = max(1, min(fitting, GROWTH * self.steps))
            first = last


RESIDENT_SHARE = 0.4
"""Data stay on the device up to this share of its memory; beyond it they are streamed."""


def fit(
    problem: P,
    train: Source,
    validation: Source,
    *,
    directory: Path | None = None,
    report: Report = silent,
    resident: bool | None = None,
) -> Trained[P]:
    """Train a network on all devices of all processes of this job.

    ``directory`` is a folder of checkpoints: where it holds whole ones of the same training, training goes on from the
    newest and ends with the same parameters, bit for bit, as one that was never interrupted. ``report`` is told after
    every epoch, and about every second within long ones; it may raise ``Cancelled``. Samples are ``resident`` on the
    devices by default where they fit; the result is the same.

    Raises BadData if train and validation do not have the same genes, and BadRun if the loss stops being a number or
    the checkpoints belong to another training.
    """
    if train.widths != validation.widths:
        raise BadData(
            f"Training samples have {train.widths} columns and validation samples {validation.widths}; "
            "both must have the same genes."
        )
    return _Training(
        problem, problem.prepared(train), problem.prepared(validation), directory, report, resident
    ).run()


class _Training(Generic[P]):
    """One call of ``fit``."""

    def __init__(
        self,
        problem: P,
        train: Source,
        validation: Source,
        directory: Path | None,
        report: Report,
        resident: bool | None,
    ) -> None:
        self.problem, self.directory, self.report = problem, directory, report
        self.settings: TrainingConfiguration = problem.configuration
        self.seed = self.settings.seed or 0  # of a predictor used by itself, without a run that has a seed
        self.mesh, self.judging = sample_mesh(), validation
        self.pace, self.evaluation_pace = Pace(), Pace()
        self.key = jax.random.key(self.seed)
        if resident is None:
            resident = size_bytes(train) + size_bytes(validation) <= RESIDENT_SHARE * memory_bytes()
        meet()
        resident = bool(agreed(resident))
        evaluation_batch = max(self.settings.batch_size, problem.evaluation_batch)
        self.train = place(train, self.settings.batch_size, self.mesh, report, resident)
        self.validation = place(validation, evaluation_batch, self.mesh, report, resident)
        self.fixed = put_tree(problem.fixed, replicated(self.mesh))
        self.monitored: Placement | None = None
        if problem.monitored:
            chosen = Chosen(train, monitored_rows(train.samples, problem.monitored, self.seed))
            self.monitored = place(chosen, evaluation_batch, self.mesh, report, True)
        self.identity = {
            "problem": dict(problem.checkpoint_identity),
            "batch_size": self.settings.batch_size,
            "seed": self.seed,
            "keep": self.settings.keep,
            "train": [train.samples, *train.widths],
            "validation": [validation.samples, *validation.widths],
        }

    def run(self) -> Trained[P]:
        """Train from the start or the newest checkpoint to the end."""
        history, state, best = self._begin()
        if len(history) < self.settings.epochs:
            self.report(Progress("Preparing the network, which is done once for its size"))
        while len(history) < self.settings.epochs and not self._exhausted(history):
            epoch = len(history) + 1
            began = time.perf_counter()
            state, train_loss = self._epoch(state, epoch)
            trained = time.perf_counter() - began
            objective, validation_loss = self._losses(state["parameters"], self.validation)
            monitored_loss = 0.0
            if self.monitored is not None:
                _, monitored_loss = self._losses(state["parameters"], self.monitored)
            state["optimiser"] = steps.adapt(
                self.problem, state["optimiser"], np.float32(monitored_loss), np.float32(objective)
            )
            history.append(
                {
                    "epoch": epoch,
                    "train_loss": train_loss,
                    "validation_loss": validation_loss,
                    **self.problem.judged(state["parameters"], self.judging),
                    "seconds": time.perf_counter() - began,
                }
            )
            self._check(history)
            if self.settings.keep == "best" and self._best(history) == epoch:
                best = jax.tree.map(jnp.copy, state["parameters"])
            if epoch % self.settings.checkpoint_every == 0 or epoch == self.settings.epochs:
                self._save(history, state, best)
            values = {
                "train_loss": train_loss,
                "validation_loss": validation_loss,
                "samples_per_second": self.train.samples / trained,
            }
            self.report(Progress("Training", epoch, self.settings.epochs, "epoch", values))
        parameters = jax.device_get(best if self.settings.keep == "best" else state["parameters"])
        table = pd.DataFrame(history)
        return Trained(self.problem, parameters, table, kept_epoch(self.problem, table))

    def _begin(self) -> tuple[list[dict[str, float]], State, Parameters]:
        """Go on from the newest whole checkpoint, or draw starting parameters."""
        start_key = jax.random.fold_in(self.key, 0)
        if self.directory is not None:
            shapes = jax.eval_shape(lambda: steps.start(self.problem, self.mesh, start_key))
            template = self._kept(shapes, shapes["parameters"])
            template = jax.tree.map(lambda leaf: np.zeros(leaf.shape, leaf.dtype), template)
            found = checkpoint.newest(self.directory, template, self.identity)
            if found is not None and found.epoch <= self.settings.epochs:
                kept = put_tree(found.state, replicated(self.mesh))
                return found.history, kept["state"], kept.get("best")
        return [], steps.start(self.problem, self.mesh, start_key), None

    def _epoch(self, state: State, epoch: int) -> tuple[State, float]:
        """Take all steps of one epoch; return the mean shown loss."""
        order = epoch_order(self.train.samples, self.settings.batch_size, self.seed, epoch)
        key = jax.random.fold_in(self.key, epoch)
        total = self._zeros(())
        count = -(-self.train.samples // self.settings.batch_size)
        offset = 0
        for block in self.train.blocks(order):
            for first, last in self.pace.stretches(block.steps):
                began = time.perf_counter()
                state, total = steps.train(
                    self.problem,
                    self.mesh,
                    state,
                    total,
                    block.data,
                    block.batches,
                    first,
                    last,
                    offset,
                    key,
                    self.fixed,
                    (epoch - 1) * count,
                )
                total.block_until_ready()
                if offset + last < count:
                    done = epoch - 1 + (offset + last) / count
                    samples = (last - first) * self.settings.batch_size
                    speed = {"samples_per_second": samples / (time.perf_counter() - began)}
                    self.report(Progress("Training", done, self.settings.epochs, "epoch", speed))
            offset += block.steps
        return state, float(total) / self.train.samples

    def _losses(self, parameters: Parameters, placement: Placement) -> tuple[float, float]:
        """Mean objective and mean shown loss without dropout."""
        total = self._zeros((2,))
        done = 0
        for block in placement.blocks(np.arange(placement.samples, dtype=np.int32)):
            for first, last in self.evaluation_pace.stretches(block.steps):
                total = steps.evaluate(
                    self.problem,
                    self.mesh,
                    parameters,
                    total,
                    block.data,
                    block.batches,
                    first,
                    last,
                    self.fixed,
                )
                total.block_until_ready()
                done += (last - first) * placement.batch_size
                if done < placement.samples:
                    self.report(Progress("Validating", done, placement.samples, "sample"))
        objective, shown = (float(value) / placement.samples for value in total)
        return objective, shown

    def _zeros(self, shape: tuple[int, ...]) -> jax.Array:
        return put_tree(np.zeros(shape, np.float32), replicated(self.mesh))

    def _check(self, history: list[dict[str, float]]) -> None:
        last = history[-1]
        if not np.isfinite([last["train_loss"], last["validation_loss"]]).all():
            raise BadRun(
                f"Training diverged in epoch {last['epoch']}: the loss is no longer a number. "
                "Choose a lower learning rate and start again."
            )

    def _exhausted(self, history: list[dict[str, float]]) -> bool:
        patience = self.settings.early_stopping
        return bool(patience and history) and len(history) - self._best(history) >= patience

    def _best(self, history: list[dict[str, float]]) -> int:
        """Return the epoch with the least criterion, the first among equals."""
        return 1 + int(np.argmin([row[self.problem.criterion] for row in history]))

    def _save(self, history: list[dict[str, float]], state: State, best: Parameters) -> None:
        if self.directory is not None:
            kept = checkpoint.Checkpoint(len(history), history, self._kept(state, best))
            checkpoint.save(self.directory, kept, self.identity)

    def _kept(self, state: State, best: Parameters) -> dict[str, Any]:
        """All that a checkpoint holds."""
        return {"state": state, "best": best} if self.settings.keep == "best" else {"state": state}
