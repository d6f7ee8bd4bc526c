"""Use a predictor: choose genes, carve validation samples, learn, predict the test samples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from landmark.inference.covariate import Covariate
from landmark.inference.predictor import Predictor, PredictsAtOnce
from landmark.inference.split import SplitExpression
from landmark.inference.trained import TrainedPredictor
from landmark.progress import Report, silent


@dataclass(frozen=True)
class Prediction:
    """Target genes of the test samples, as measured and as predicted.

    Attributes
    ----------
    true, predicted
        In standard deviations of the training samples, float32 [test samples, targets].
    targets
        Names of the columns.
    landmarks
        The genes that the prediction is made from.
    details
        What the method chose or measured on validation samples.
    """

    true: np.ndarray
    predicted: np.ndarray
    targets: tuple[str, ...]
    landmarks: tuple[str, ...]
    details: Mapping[str, float]


def fit(
    split: SplitExpression,
    landmarks: Sequence[str],
    targets: Sequence[str],
    predictor: Predictor,
    *,
    seed: int = 0,
    report: Report = silent,
) -> TrainedPredictor:
    """Learn from the training samples to predict target genes from landmark genes.

    Parameters
    ----------
    split
        Training and test samples. Where it has an annotation, the prediction is made from it too.
    landmarks, targets
        Names of genes of the dataset, none of them in both.
    predictor
        A method with its settings, such as ``Ridge()``.
    seed
        Chooses the validation samples among the training samples, in whole groups where the split has them.
    report
        Told about progress; may raise ``Cancelled``.

    Raises
    ------
    BadData
        If a gene is not in the dataset, a list is empty, or the annotation has no groups.
    """
    covariate = Covariate.learn(split.labels) if split.labels else None
    task = split.task(landmarks, targets, seed, covariate)
    return TrainedPredictor(
        tuple(landmarks),
        tuple(targets),
        split.scaling_of(landmarks),
        split.scaling_of(targets),
        predictor.fit(task, report),
        covariate,
    )


def predict_test(split: SplitExpression, trained: TrainedPredictor, targets: Sequence[str]) -> Prediction:
    """Predict some target genes of the test samples.

    A target that is a landmark gene itself is measured, not predicted: its values are taken as they are.

    Raises
    ------
    BadData
        If a target is neither predicted nor a landmark gene, or the predictor needs an annotation that the samples
        do not have.
    """
    measured = set(trained.landmarks)
    trained.columns([gene for gene in targets if gene not in measured])
    labels = split.labels.test if split.labels else None
    predicted = trained.fitted.predict(trained.with_covariate(split.test_columns(trained.landmarks), labels))
    details = trained.fitted.details
    return _taken(split, targets, trained.targets, predicted, trained.landmarks, details)


def narrowed(split: SplitExpression, prediction: Prediction, targets: Sequence[str]) -> Prediction:
    """Take some targets of a prediction of the test samples, as ``predict_test`` would predict them."""
    if tuple(targets) == prediction.targets:
        return prediction
    return _taken(
        split, targets, prediction.targets, prediction.predicted, prediction.landmarks, prediction.details
    )


def _taken(
    split: SplitExpression,
    targets: Sequence[str],
    names: Sequence[str],
    predicted: np.ndarray,
    landmarks: tuple[str, ...],
    details: Mapping[str, float],
) -> Prediction:
    """Take targets from predicted genes of these names, and landmark genes as they were measured."""
    measured, place = set(landmarks), {gene: column for column, gene in enumerate(names)}
    columns = [place[gene] for gene in targets if gene not in measured]
    if columns != list(range(len(names))):
        predicted = predicted[:, columns]
    true = split.test_columns(targets)
    if len(columns) < len(targets):
        own = true.copy()
        own[:, [gene not in measured for gene in targets]] = predicted
        predicted = own
    return Prediction(true, predicted, tuple(targets), landmarks, details)


def predict(
    split: SplitExpression,
    landmarks: Sequence[str],
    targets: Sequence[str],
    predictor: Predictor,
    *,
    seed: int = 0,
    report: Report = silent,
) -> Prediction:
    """Learn to predict these target genes only, and predict them in the test samples; see ``fit``."""
    measured = set(landmarks)
    unmeasured = [gene for gene in targets if gene not in measured]
    if isinstance(predictor, PredictsAtOnce):
        covariate = Covariate.learn(split.labels) if split.labels else None
        task = split.task(landmarks, unmeasured, seed, covariate)
        predicted, details = predictor.predict(task, split.test_inputs(landmarks, covariate), report)
        return _taken(split, targets, unmeasured, predicted, tuple(landmarks), details)
    trained = fit(split, landmarks, unmeasured, predictor, seed=seed, report=report)
    return predict_test(split, trained, targets)
