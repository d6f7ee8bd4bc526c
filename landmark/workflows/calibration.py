"""Predictors with an error for every value: fitted on all training samples, judged on those a fit has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark.analyses.infer.results import CARE, GRADES, TRUST
from landmark.inference.calibrated import CalibratedPredictor, TrainingSamples
from landmark.inference.cross_fit import cross_fitted, fold_of
from landmark.inference.intervals import Calibration
from landmark.inference.neighbours import nearest_samples
from landmark.inference.predict import fit
from landmark.inference.predictor import Predictor, Task, TrainedInEpochs
from landmark.inference.trained import TrainedPredictor
from landmark.metrics.per_gene import accuracy
from landmark.progress import Progress, Report, silent
from landmark.training.data import in_memory, part_of

FOLDS = 10
"""Parts of the training samples, each predicted by a fit on the others."""

MOST_JUDGED = 4000
"""Of more training samples, the predictions of so many are judged: others would take memory and change nothing."""


def grades(pcc: np.ndarray) -> np.ndarray:
    """Grade genes by their held-out correlation, [genes] to text [genes]; NaN is not to be used."""
    trusted, careful, poor = GRADES
    found: np.ndarray = np.where(pcc >= TRUST, trusted, np.where(pcc >= CARE, careful, poor))
    return found


@dataclass(frozen=True)
class Unseen:
    """Training samples predicted by fits that had not seen them.

    Attributes
    ----------
    rows
        Which training samples, bool [training samples].
    true, predicted
        Of these, standardised, [rows, targets].
    distance
        Of these to the nearest training samples that they were not left out with, [rows].
    """

    rows: np.ndarray
    true: np.ndarray
    predicted: np.ndarray
    distance: np.ndarray


def calibrated(
    training: TrainingSamples,
    landmarks: Sequence[str],
    targets: Sequence[str],
    predictor: Predictor,
    *,
    trained: TrainedPredictor | None = None,
    seed: int = 0,
    values: bool = True,
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
    values
        Whether the training samples stay with it. Without, distances to them cannot be told, so intervals are plain.

    Raises
    ------
    BadData
        If a gene is not in the dataset, a list is empty, or the annotation has no groups.
    """
    split = training.split
    if trained is None:
        trained = fit(split, landmarks, targets, predictor, seed=seed, report=report)
    task = split.task(landmarks, targets, seed, trained.covariate)
    unseen = predict_unseen(task, predictor, trained, seed, report)
    genes = task.landmarks[:, : len(landmarks)]
    report(Progress("Measuring the error of every gene"))
    found = accuracy(unseen.true, unseen.predicted)
    distance, own = unseen.distance, genes[unseen.rows]
    return CalibratedPredictor(
        trained,
        Calibration.learn(
            unseen.true, unseen.predicted, distance if values else None, seed=seed, report=report
        ),
        found.mae.astype(np.float32),
        found.pcc.astype(np.float32),
        np.sort(distance if values else nearest_samples(own, np.zeros_like(own[:1])).distance),
        np.sort(trained.landmark_scaling.invert(genes), axis=1)
        .mean(axis=0, dtype=np.float64)
        .astype(np.float32),
        training if values else None,
    )


def predict_unseen(
    task: Task, predictor: Predictor, trained: TrainedPredictor, seed: int = 0, report: Report = silent
) -> Unseen:
    """Predict training samples by fits that had not seen them.

    Parameters
    ----------
    task
        With the training samples.
    predictor, trained
        The method with its settings, and what it has learned from all of them; a network is not trained anew.
    seed
        Of the parts.
    """
    if isinstance(trained.fitted, TrainedInEpochs):
        rows = task.validation
        parts, predicted = rows.astype(int), trained.fitted.predict(task.landmarks[rows])
    else:
        samples = len(task.targets)
        rows = np.zeros(samples, dtype=bool)
        rows[np.random.default_rng(seed).permutation(samples)[:MOST_JUDGED]] = True
        parts = fold_of(samples, FOLDS, seed, task.groups)
        predicted = cross_fitted(predictor, task, FOLDS, report, seed=seed, wanted=rows)
    genes = task.landmarks[:, : task.landmarks.shape[1] - task.covariates]
    near = nearest_samples(genes[rows], genes, (parts[rows], parts))
    return Unseen(rows, in_memory(part_of(task.targets, rows)), predicted, near.distance)
