"""Ridge regression of all target genes on the landmark genes, with the penalty chosen on validation samples."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import pandas as pd

from landmark.inference.predictor import Network, Task, weighted_sum
from landmark.progress import Progress, Report
from landmark.training.artefact import load_artefact, save_artefact

KIND = "ridge regression"

PENALTIES = tuple(float(penalty) for penalty in np.logspace(-1, 5, 25))
"""Penalties on offer: four per power of ten."""

BLOCK = 1024
"""Target genes that are converted to float64 at once."""


@dataclass(frozen=True)
class Ridge:
    """Linear regression with a penalty on the squared coefficients, one penalty for all target genes.

    There is no intercept, since all genes are standardised by the training samples. The penalty with the least
    squared error on validation samples is used to fit all training samples.

    Attributes
    ----------
    penalties
        The penalties to choose from; a single one is taken as it is.
    """

    penalties: tuple[float, ...] = PENALTIES

    def fit(self, task: Task, report: Report) -> "RidgePredictor":
        """Learn; details: the ``penalty`` and its ``validation_error`` (mean square)."""
        moments = gather(task, report)
        errors = validation_errors(moments, np.array(self.penalties))
        best = int(np.argmin(errors))
        penalty = self.penalties[best]
        coefficients = solve(moments.gram, moments.cross, penalty)
        return RidgePredictor(
            coefficients.astype(np.float32), {"penalty": penalty, "validation_error": float(errors[best])}
        )


@dataclass(frozen=True)
class RidgePredictor:
    """Every target gene as a weighted sum of the landmark genes.

    Attributes
    ----------
    weights
        float32 [landmarks, targets].
    details
        The penalty that was chosen, and its error on validation samples.
    """

    method: ClassVar[str] = "ridge"
    weights: np.ndarray
    details: Mapping[str, float]

    def predict(self, landmarks: np.ndarray) -> np.ndarray:
        """Predict all targets, [samples, landmarks] to float32 [samples, targets]."""
        return landmarks @ self.weights

    def network(self, columns: Sequence[int]) -> Network:
        """Return the weighted sums for some targets."""
        return Network(weighted_sum, self.weights[:, list(columns)])

    def save(self, folder: Path) -> None:
        """Write into a folder."""
        description = {"details": dict(self.details)}
        save_artefact(folder, KIND, {"weights": self.weights}, description, pd.DataFrame())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read from a folder.

        Raises
        ------
        BadRun
            If the files are missing or damaged.
        """
        arrays, description, _ = load_artefact(folder, KIND)
        return cls(arrays["weights"], description["details"])


@dataclass(frozen=True)
class Moments:
    """All that ridge regression needs of the training samples, in float64.

    With X landmark and Y target genes, subscript f for the fitted and v for the validation samples:

    Attributes
    ----------
    gram, cross
        X'X [landmarks, landmarks] and X'Y [landmarks, targets] over all training samples.
    fitted_gram, validation_gram
        Xf'Xf and Xv'Xv, [landmarks, landmarks].
    fitted_square
        Xf'Yf (Xf'Yf)', [landmarks, landmarks].
    mixed
        Xv'Yv (Xf'Yf)', [landmarks, landmarks].
    validation_square
        Sum of the squares of Yv.
    validation_size
        Number of values in Yv.
    """

    gram: np.ndarray
    cross: np.ndarray
    fitted_gram: np.ndarray
    validation_gram: np.ndarray
    fitted_square: np.ndarray
    mixed: np.ndarray
    validation_square: float
    validation_size: int


def gather(task: Task, report: Report) -> Moments:
    """Go through the training samples once, in blocks of target genes."""
    fitted, held = task.landmarks[~task.validation], task.landmarks[task.validation]
    fitted, held = fitted.astype(np.float64), held.astype(np.float64)
    landmarks, targets = fitted.shape[1], task.targets.shape[1]
    cross = np.empty((landmarks, targets))
    fitted_square, mixed = np.zeros((landmarks, landmarks)), np.zeros((landmarks, landmarks))
    validation_square = 0.0
    for columns in _blocks(targets):
        report(Progress("Fitting ridge regression", columns.start, targets, "target gene"))
        Y = task.targets[:, columns].astype(np.float64)
        Y_held = Y[task.validation]
        fitted_cross, held_cross = fitted.T @ Y[~task.validation], held.T @ Y_held
        cross[:, columns] = fitted_cross + held_cross
        fitted_square += fitted_cross @ fitted_cross.T
        mixed += held_cross @ fitted_cross.T
        validation_square += float(np.vdot(Y_held, Y_held))
    report(Progress("Fitting ridge regression", targets, targets, "target gene"))
    fitted_gram, validation_gram = fitted.T @ fitted, held.T @ held
    return Moments(
        fitted_gram + validation_gram,
        cross,
        fitted_gram,
        validation_gram,
        fitted_square,
        mixed,
        validation_square,
        len(held) * targets,
    )


def validation_errors(moments: Moments, penalties: np.ndarray) -> np.ndarray:
    """Compute the mean squared error on validation samples for every penalty, without predicting them.

    With Xf'Xf = Q diag(s) Q' and d = 1 / (s + penalty), the coefficients are W = Q diag(d) Q' Xf'Yf, and the
    error |Xv W - Yv|^2 = tr(W' Xv'Xv W) - 2 tr(W' Xv'Yv) + |Yv|^2 needs only matrices of landmark genes:

        sum_ij d_i d_j (Q' Xv'Xv Q)_ij (Q' fitted_square Q)_ij - 2 sum_i d_i (Q' mixed Q)_ii + |Yv|^2

    Parameters
    ----------
    moments
        Of the training samples.
    penalties
        [penalties], positive.

    Returns
    -------
    ndarray
        [penalties].
    """
    values, Q = np.linalg.eigh(moments.fitted_gram)
    quadratic = (Q.T @ moments.validation_gram @ Q) * (Q.T @ moments.fitted_square @ Q)
    linear = np.einsum("ji,jk,ki->i", Q, moments.mixed, Q, optimize=True)
    shrunk = 1 / (np.maximum(values, 0) + penalties[:, None])
    squares = np.einsum("pi,ij,pj->p", shrunk, quadratic, shrunk, optimize=True)
    return (squares - 2 * shrunk @ linear + moments.validation_square) / moments.validation_size


def solve(gram: np.ndarray, cross: np.ndarray, penalty: float) -> np.ndarray:
    """Return the coefficients (gram + penalty I)^-1 cross, float64 [landmarks, targets]."""
    return np.linalg.solve(gram + penalty * np.eye(len(gram)), cross)


def _blocks(targets: int) -> Iterator[slice]:
    return (slice(start, min(start + BLOCK, targets)) for start in range(0, targets, BLOCK))
