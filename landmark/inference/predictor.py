"""What every way of predicting target genes takes and gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from landmark.progress import Report


@dataclass(frozen=True)
class Task:
    """Arrays of one prediction; all genes are standardised by the training samples.

    Attributes
    ----------
    landmarks
        Landmark genes of the training samples, float32 [samples, landmarks].
    targets
        Target genes of the training samples, float32 [samples, targets].
    test_landmarks
        Landmark genes of the test samples, float32 [test samples, landmarks].
    validation
        The training samples on which a method judges its own settings, bool [samples].
    """

    landmarks: np.ndarray
    targets: np.ndarray
    test_landmarks: np.ndarray
    validation: np.ndarray


@dataclass(frozen=True)
class Answer:
    """Predicted target genes.

    Attributes
    ----------
    predicted
        float32 [test samples, targets].
    details
        What the method chose or measured on validation samples, such as ``{"penalty": 100.0}``.
    """

    predicted: np.ndarray
    details: Mapping[str, float] = field(default_factory=dict)


class Predictor(Protocol):
    """Predicts the target genes of test samples. Its own settings are fields of the implementation."""

    def __call__(self, task: Task, report: Report) -> Answer:
        """Learn from the training samples of a task and predict its test samples."""
        ...
