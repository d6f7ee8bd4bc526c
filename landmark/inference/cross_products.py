"""Products of landmark genes with target genes over training samples, from one pass over the samples."""

from dataclasses import dataclass

import numpy as np

from landmark.inference.predictor import Task
from landmark.progress import Progress, Report
from landmark.training.data import passing

BLOCK = 1024
"""Target genes that are converted to float64 at once."""


@dataclass(frozen=True)
class CrossProducts:
    """All that a linear method needs of the target genes, whatever the number of samples.

    Attributes
    ----------
    fitted, held
        X'Y of landmark genes X and target genes Y over the samples to learn from, and over the validation samples:
        float64 [landmarks, targets].
    held_squares
        Sum of the squares of all target genes of the validation samples.
    """

    fitted: np.ndarray
    held: np.ndarray
    held_squares: float

    @classmethod
    def of(cls, task: Task, report: Report, stage: str) -> "CrossProducts":
        """Gather them, some hundred samples after the others, so that no more targets need be in memory."""
        samples, targets = task.targets.shape
        fitted, held = np.zeros((2, task.landmarks.shape[1], targets))
        squares = 0.0
        for places, Y in passing(task.targets):
            report(Progress(stage, places.start, samples, "sample"))
            X, judging = task.landmarks[places].astype(np.float64), task.validation[places]
            for start in range(0, targets, BLOCK):
                columns = slice(start, start + BLOCK)
                values = Y[:, columns].astype(np.float64)
                fitted[:, columns] += X[~judging].T @ values[~judging]
                if judging.any():
                    held[:, columns] += X[judging].T @ values[judging]
                    squares += float(np.square(values[judging]).sum())
        report(Progress(stage, samples, samples, "sample"))
        return cls(fitted, held, squares)
