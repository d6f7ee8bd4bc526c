"""Predict every training sample by a fit that has not seen it: cross-fitting."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Protocol, Self, runtime_checkable

import numpy as np

from landmark.data.scaling import Scaling
from landmark.errors import BadData
from landmark.inference.predictor import Predictor, Task
from landmark.inference.split import has_products, products_of, validation_rows
from landmark.progress import Progress, Report
from landmark.training.data import part_of, scaled, scaling_of

FOLDS = 5
"""Parts of the training samples, each of which is predicted by a fit on all others."""

FEWEST = 3
"""Training samples that cross-fitting needs: two to learn from where one is predicted."""


@runtime_checkable
class CrossFits(Protocol):
    """A method that predicts its own training samples sooner, or more honestly, than by fits of the whole method."""

    def cross_fitted(
        self, task: Task, folds: int, report: Report, *, seed: int = 0, wanted: np.ndarray | None = None
    ) -> np.ndarray:
        """Return what the function ``cross_fitted`` does."""
        ...


@runtime_checkable
class KeepsCheckpoints(Protocol):
    """A method that is trained in epochs, and goes on where an earlier training of the same folder was stopped."""

    def apart(self, name: str) -> Self:
        """Return the same method with a folder of its own for one of several fits."""
        ...


def places_of(wanted: np.ndarray | None, samples: int) -> np.ndarray:
    """Return the place of each sample among those that are wanted, int [samples]: -1 for all others."""
    return np.arange(samples) if wanted is None else np.where(wanted, np.cumsum(wanted) - 1, -1)


def cross_fitted(
    predictor: Predictor,
    task: Task,
    folds: int,
    report: Report,
    *,
    seed: int = 0,
    wanted: np.ndarray | None = None,
) -> np.ndarray:
    """Predict every training sample of a task by a fit on the samples of the other folds.

    Each fit starts from nothing: genes are standardised by the samples that it learns from, and its validation samples
    are drawn among them. So the errors are those that a method makes on samples it has never seen, but for having a
    part of the samples less to learn from.

    Parameters
    ----------
    predictor
        A method with its settings; one that ``CrossFits`` is asked for its own.
    folds
        Number of parts, at least 2; there are never more than samples, or than groups of samples.
    report
        Told about progress; may raise ``Cancelled``.
    seed
        Of the folds, and of the validation samples in each.
    wanted
        Samples whose predictions are returned, bool [training samples]; by default all.

    Returns
    -------
    ndarray
        Targets as standardised in the task, float32 [wanted training samples, targets].

    Raises
    ------
    BadData
        If there are fewer than three training samples.
    """
    if isinstance(predictor, CrossFits):
        return predictor.cross_fitted(task, folds, report, seed=seed, wanted=wanted)
    places = places_of(wanted, len(task.targets))
    found = np.empty((places.max() + 1, task.targets.shape[1]), np.float32)
    for part in parts(task, folds, seed):
        of_part = places[part.held]
        found[of_part[of_part >= 0]] = part.predicted(predictor, report)[of_part >= 0]
    return found


@dataclass(frozen=True)
class Part:
    """One fold: what is learned from, and what is predicted.

    Attributes
    ----------
    name
        Tells the folds apart: "fold 1 of 5".
    held
        The samples of the fold, bool [training samples].
    task
        The samples of the other folds.
    landmarks
        Inputs of the fold, standardised as those of the task, float32 [samples of the fold, landmarks].
    scaling
        Takes the targets as standardised in the whole task to those of this one.
    """

    name: str
    held: np.ndarray
    task: Task
    landmarks: np.ndarray
    scaling: Scaling

    def predicted(self, predictor: Predictor, report: Report) -> np.ndarray:
        """Fit a method and predict the fold, as standardised in the whole task: float32 [samples, targets]."""
        own = (
            predictor.apart(self.name.replace(" ", "-"))
            if isinstance(predictor, KeepsCheckpoints)
            else predictor
        )
        fitted = own.fit(self.task, lambda progress: report(self._named(progress)))
        return self.scaling.invert(fitted.predict(self.landmarks))

    def _named(self, progress: Progress) -> Progress:
        return replace(progress, stage=f"{progress.stage}, {self.name}")


def parts(task: Task, folds: int, seed: int) -> Iterator[Part]:
    """Divide the training samples of a task into folds and go through them; see ``cross_fitted``."""
    fold = fold_of(len(task.targets), folds, seed, task.groups)
    number = int(fold.max()) + 1
    for place in range(number):
        held = fold == place
        rest = ~held
        known = part_of(task.targets, rest)
        inputs, targets = Scaling.learn(task.landmarks[rest]), scaling_of(known)
        groups = None if task.groups is None else task.groups[rest]
        learned = scaled(known, targets)
        yield Part(
            f"fold {place + 1} of {number}",
            held,
            Task(
                inputs.apply(task.landmarks[rest]),
                learned,
                validation_rows(len(learned), seed, groups),
                task.covariates,
                cache(partial(products_of, learned)) if has_products(learned) else None,
                groups,
            ),
            inputs.apply(task.landmarks[held]),
            targets,
        )


def fold_of(samples: int, folds: int, seed: int, groups: np.ndarray | None = None) -> np.ndarray:
    """Deal samples out at random, into folds of about the same size: the fold of each, from 0, int [samples].

    Parameters
    ----------
    groups
        Number of the group of each sample, int [samples], or None; see ``units_of``. Groups are dealt out whole, the
        largest first, each to the fold with the fewest samples so far.

    Raises
    ------
    BadData
        If there are fewer than three samples.
    """
    if samples < FEWEST:
        raise BadData(
            f"There are {samples} training samples; at least {FEWEST} are needed to predict each by a fit on the "
            "others. Import the data again with a smaller share held out."
        )
    groups = units_of(samples, groups)
    units, sizes = np.unique(groups, return_counts=True)
    shuffled = np.random.default_rng(seed).permutation(len(units))
    counts, of_unit = np.zeros(min(folds, len(units)), np.intp), np.empty(len(units), np.intp)
    for unit in shuffled[np.argsort(-sizes[shuffled], kind="stable")]:
        of_unit[unit] = np.argmin(counts)
        counts[of_unit[unit]] += sizes[unit]
    return of_unit[np.searchsorted(units, groups)]


def units_of(samples: int, groups: np.ndarray | None) -> np.ndarray:
    """Return what is left out together: the group of each sample, int [samples].

    Every sample is a unit of its own where there are no groups, or one of them has more than half of the samples.
    """
    if groups is None or np.unique(groups, return_counts=True)[1].max() > samples / 2:
        return np.arange(samples)
    return groups
