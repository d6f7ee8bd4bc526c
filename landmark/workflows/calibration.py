"""Predictors with an error for every value: fitted on all training samples, judged on those a fit has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark.inference.calibrated import CalibratedPredictor, TrainingSamples
from landmark.inference.cross_fit import cross_fitted, fold_of
from landmark.inference.intervals import Calibration
from landmark.inference.neighbours import nearest_samples
from landmark.inference.predict import fit
from landmark.inference.predictor import Predictor, Task, TrainedInEpochs
from landmark.inference.trained import TrainedPredictor
from landmark.metrics.per_gene import accuracy
from landmark.progress import Progress, Report, silent

FOLDS = 10
"""Parts of the training samples, each predicted by a fit on the others."""

TRUST, CARE = 0.5, 0.25
"""From these held-out correlations on a gene can be trusted, or used with care."""

GRADES = ("trust", "with care", "not")


def grades(pcc: np.ndarray) -> np.ndarray:
    """Grade genes by their held-out correlation, [genes] to text [genes]; NaN is not to be used."""
    trusted, careful, poor = GRADES
    found: np.ndarray = np.where(pcc >= TRUST, trusted, np.where(pcc >= CARE, careful, poor))
    return found


@dataclass(frozen=True)
class _Unseen:
    """Training samples predicted by fits that had not seen them.

    Attributes
    ----------
    rows
        Which training samples, bool [training samples].
    predicted
        Of these, standardised, [rows, targets].
    parts
        Number of the part that each training sample was left out with, int [training samples].
    """

    rows: np.ndarray
    predicted: np.ndarray
    parts: np.ndarray


def calibrated(
    training: TrainingSamples,
    landmarks: Sequence[str],
    targets: Sequence[str],
    predictor: Predictor,
    *,
    trained: TrainedPredictor | None = None,
    seed: int = 0,
    report: Report = silent,
) -> CalibratedPredictor:
    """Fit a predictor unless it is fitted already, and learn how far off it is.

    Methods that take seconds are fitted ``FOLDS`` times more, each time on the training samples without one part, and
    predict that part; samples that belong together stay in one part. Networks are judged by the validation samples
    that chose their epoch, which is a little too kind to them.

    Parameters
    ----------
    training
        What is learned from.
    landmarks, targets
        Names of genes, none of them in both.
    predictor
        The method with its settings.
    trained
        What ``predictor`` has learned from the same samples and genes already.
    seed
        Of the parts, and of the samples on which a method judges its settings.

    Raises
    ------
    BadData
        If a gene is not in the dataset, a list is empty, or the annotation has no groups.
    """
    split = training.split
    if trained is None:
        trained = fit(split, landmarks, targets, predictor, seed=seed, report=report)
    task = split.task(landmarks, targets, seed, trained.covariate)
    unseen = _unseen(task, predictor, trained, seed, report)
    genes = task.landmarks[:, : len(landmarks)]
    near = nearest_samples(genes[unseen.rows], genes, (unseen.parts[unseen.rows], unseen.parts))
    true = task.targets[unseen.rows]
    report(Progress("Measuring the error of every gene"))
    found = accuracy(true, unseen.predicted)
    return CalibratedPredictor(
        trained,
        Calibration.learn(true, unseen.predicted, near.distance, seed=seed, report=report),
        found.mae.astype(np.float32),
        found.pcc.astype(np.float32),
        np.sort(near.distance),
        np.sort(trained.landmark_scaling.invert(genes), axis=1)
        .mean(axis=0, dtype=np.float64)
        .astype(np.float32),
        training,
    )


def _unseen(
    task: Task, predictor: Predictor, trained: TrainedPredictor, seed: int, report: Report
) -> _Unseen:
    if isinstance(trained.fitted, TrainedInEpochs):
        rows = task.validation
        return _Unseen(rows, trained.fitted.predict(task.landmarks[rows]), rows.astype(int))
    parts = fold_of(len(task.targets), FOLDS, seed, task.groups)
    predicted = cross_fitted(predictor, task, FOLDS, report, seed=seed)
    return _Unseen(np.ones(len(parts), dtype=bool), predicted, parts)
