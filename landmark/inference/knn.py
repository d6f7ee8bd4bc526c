"""Nearest-neighbour regression over genes, as in Chen et al. 2016.

The nearest landmark genes of a target gene are those with the least Euclidean distance over the training
samples; their average in a test sample is the prediction. (Neighbours are genes, not samples: in that paper the
authors chose so because duplicated samples would dominate.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import pandas as pd

from landmark.inference.cross_products import CrossProducts
from landmark.inference.predictor import Network, Task, weighted_sum
from landmark.progress import Progress, Report
from landmark.training.artefact import load_artefact, save_artefact

KIND = "nearest genes"

NUMBERS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50)
"""Numbers of neighbours on offer."""

BLOCK = 1024
"""Target genes whose distances are held at once."""


@dataclass(frozen=True)
class NearestGenes:
    """Predict a target gene by the mean of its nearest landmark genes.

    Attributes
    ----------
    numbers
        Numbers of neighbours to choose from, rising; the one with the least absolute error on validation samples
        is used for all target genes. Those above the number of landmark genes are left out.
    """

    numbers: tuple[int, ...] = NUMBERS

    def fit(self, task: Task, report: Report) -> "NeighbourPredictor":
        """Learn; details: ``neighbours`` and their ``validation_error`` (mean absolute)."""
        landmarks, targets = task.landmarks.shape[1], task.targets.shape[1]
        numbers = [number for number in self.numbers if number <= landmarks] or [landmarks]
        X, held = task.landmarks.astype(np.float64), task.validation
        crosses, truth = CrossProducts.of(task, report, "Finding neighbours"), task.targets[held]
        errors = np.zeros(len(numbers))
        for columns in _blocks(targets):
            report(Progress("Counting neighbours", columns.start, targets, "target gene"))
            nearest = _nearest_landmarks(X[~held], crosses.fitted[:, columns], numbers[-1])
            errors += _summed_errors(task.landmarks[held], truth[:, columns], nearest, numbers)
        best = int(np.argmin(errors))
        chosen = np.empty((numbers[best], targets), np.int32)
        for columns in _blocks(targets):
            cross = crosses.fitted[:, columns] + crosses.held[:, columns]
            chosen[:, columns] = _nearest_landmarks(X, cross, numbers[best])
        values = truth.size
        return NeighbourPredictor(
            chosen,
            landmarks,
            {"neighbours": numbers[best], "validation_error": float(errors[best] / values)},
        )


@dataclass(frozen=True)
class NeighbourPredictor:
    """The nearest landmark genes of every target gene.

    Attributes
    ----------
    nearest
        Positions of landmark genes, nearest first, int32 [neighbours, targets].
    landmarks
        Number of landmark genes.
    details
        What was chosen and measured on validation samples.
    """

    method: ClassVar[str] = "knn"
    nearest: np.ndarray
    landmarks: int
    details: Mapping[str, float]

    def predict(self, landmarks: np.ndarray) -> np.ndarray:
        """Predict all targets, [samples, landmarks] to float32 [samples, targets]."""
        predicted = np.empty((len(landmarks), self.nearest.shape[1]), np.float32)
        for columns in _blocks(self.nearest.shape[1]):
            predicted[:, columns] = _average(landmarks, self.nearest[:, columns])
        return predicted

    def network(self, columns: Sequence[int]) -> Network:
        """Return the weighted sums for some targets."""
        return Network(weighted_sum, _weights(self.nearest[:, list(columns)], self.landmarks))

    def save(self, folder: Path) -> None:
        """Write into a folder."""
        description = {"landmarks": self.landmarks, "details": dict(self.details)}
        save_artefact(folder, KIND, {"nearest": self.nearest}, description, pd.DataFrame())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read from a folder.

        Raises
        ------
        BadRun
            If the files are missing or damaged.
        """
        arrays, description, _ = load_artefact(folder, KIND)
        return cls(arrays["nearest"], description["landmarks"], description["details"])


def _nearest_landmarks(X: np.ndarray, cross: np.ndarray, number: int) -> np.ndarray:
    """Find the landmark genes nearest to each target gene.

    Parameters
    ----------
    X
        Landmark genes of training samples, [samples, landmarks].
    cross
        Their products with target genes, X'Y, [landmarks, targets].
    number
        How many to find.

    Returns
    -------
    ndarray
        Positions of landmark genes, nearest first, int [number, targets].
    """
    # |x|^2 + |y|^2 - 2 x.y, less |y|^2, which does not change the order for a target
    distance = np.square(X).sum(axis=0)[:, None] - 2 * cross
    found = np.argpartition(distance, number - 1, axis=0)[:number]
    order = np.argsort(np.take_along_axis(distance, found, axis=0), axis=0, kind="stable")
    return np.take_along_axis(found, order, axis=0)


def _average(landmarks: np.ndarray, nearest: np.ndarray) -> np.ndarray:
    """Average landmark genes: [samples, landmarks] and [number, targets] give float32 [samples, targets]."""
    return landmarks @ _weights(nearest, landmarks.shape[1])


def _summed_errors(
    landmarks: np.ndarray, targets: np.ndarray, nearest: np.ndarray, numbers: list[int]
) -> np.ndarray:
    """Sum the absolute errors for rising numbers of neighbours, [numbers]."""
    total = np.zeros_like(targets, dtype=np.float64)
    errors = []
    for neighbours, column in enumerate(nearest, start=1):
        total += landmarks[:, column]
        if neighbours in numbers:
            errors.append(np.abs(total / neighbours - targets).sum())
    return np.array(errors)


def _weights(nearest: np.ndarray, landmarks: int) -> np.ndarray:
    """Write the average as weights, float32 [landmarks, targets]."""
    weights = np.zeros((landmarks, nearest.shape[1]), np.float32)
    np.put_along_axis(weights, nearest, np.float32(1 / len(nearest)), axis=0)
    return weights


def _blocks(targets: int) -> list[slice]:
    return [slice(start, min(start + BLOCK, targets)) for start in range(0, targets, BLOCK)]
