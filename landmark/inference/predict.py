"""Run a predictor: choose genes, carve validation samples, predict the test samples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from landmark.errors import BadData
from landmark.inference.predictor import Predictor, Task
from landmark.inference.split import SplitExpression
from landmark.progress import Report, silent

VALIDATION_SHARE = 0.1
"""Share of the training samples that a method sets aside to judge its settings; D-GEX has 11% for it."""


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


def predict(
    split: SplitExpression,
    landmarks: Sequence[str],
    targets: Sequence[str],
    predictor: Predictor,
    *,
    seed: int = 0,
    report: Report = silent,
) -> Prediction:
    """Predict target genes of the test samples from landmark genes.

    A target that is a landmark gene itself is measured, not predicted: its values are taken as they are.

    Parameters
    ----------
    split
        Training and test samples.
    landmarks, targets
        Names of genes of the dataset.
    predictor
        A method with its settings, such as ``Ridge()``.
    seed
        Chooses the validation samples among the training samples.
    report
        Told about progress; may raise ``Cancelled``.

    Raises
    ------
    BadData
        If a gene is not in the dataset, a list is empty, or all targets are landmark genes.
    """
    measured = set(landmarks)
    unmeasured = [gene for gene in targets if gene not in measured]
    if not measured or not unmeasured:
        raise BadData(
            f"There is nothing to predict: {len(measured):,} landmark genes and {len(unmeasured):,} other "
            f"target genes. Choose a smaller gene set, or more target genes."
        )
    test_landmarks = split.test_columns(landmarks)
    task = Task(
        split.train_columns(landmarks),
        split.train_columns(unmeasured),
        test_landmarks,
        validation_rows(len(split.train), seed),
    )
    answer = predictor(task, report)
    true = split.test_columns(targets)
    if len(unmeasured) == len(targets):
        predicted = answer.predicted
    else:
        predicted = true.copy()
        predicted[:, [gene not in measured for gene in targets]] = answer.predicted
    return Prediction(true, predicted, tuple(targets), tuple(landmarks), answer.details)


def validation_rows(samples: int, seed: int) -> np.ndarray:
    """Choose validation samples at random, bool [samples]: a tenth, at least one, never all.

    Raises
    ------
    BadData
        If there are fewer than two samples.
    """
    if samples < 2:
        raise BadData(f"There are {samples} training samples; at least 2 are needed to judge a prediction.")
    chosen = np.random.default_rng(seed).permutation(samples)[: max(1, round(VALIDATION_SHARE * samples))]
    rows = np.zeros(samples, dtype=bool)
    rows[chosen] = True
    return rows
