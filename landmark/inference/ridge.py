"""Ridge regression of all target genes on the landmark genes, with the penalty chosen on validation samples."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import pandas as pd

from landmark.inference.cross_fit import fold_of
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
        solution, details = self._solution(task, report)
        return RidgePredictor(times_targets(solution, task.targets).astype(np.float32), details)

    def predict(
        self, task: Task, landmarks: np.ndarray, report: Report
    ) -> tuple[np.ndarray, Mapping[str, float]]:
        """Learn and predict other samples at once, without the weights, which take longer for few samples."""
        solution, details = self._solution(task, report)
        return (landmarks @ solution).astype(np.float32) @ task.targets, details

    def cross_fitted(self, task: Task, folds: int, report: Report, *, seed: int = 0) -> np.ndarray:
        """Predict every training sample as a fit with an intercept on the samples of the other folds would.

        The penalty is the one that is chosen on all training samples. With H = 11'/n + X (X'X + penalty I)^-1 X' the
        errors of the samples S of a fold are (I - H_SS)^-1 (Y - H Y)_S: nothing is fitted anew (the leave-out formula
        of linear smoothers, as in Golub, Heath and Wahba, Technometrics 21:215, 1979).
        """
        solution, _ = self._solution(task, report)
        H = task.landmarks.astype(np.float64) @ solution + 1 / len(task.landmarks)
        predicted = H.astype(np.float32) @ task.targets
        fold = fold_of(len(H), folds, seed, task.groups)
        for number in range(fold.max() + 1):
            held = np.flatnonzero(fold == number)
            errors = task.targets[held] - predicted[held]
            inverse = np.linalg.inv(np.eye(len(held)) - H[np.ix_(held, held)])
            predicted[held] = task.targets[held] - inverse.astype(np.float32) @ errors
        return predicted

    def _solution(self, task: Task, report: Report) -> tuple[np.ndarray, Mapping[str, float]]:
        """Return (X'X + penalty I)^-1 X', float64 [landmarks, samples], and what was chosen."""
        errors = validation_errors(gather(task, report), np.array(self.penalties))
        best = int(np.argmin(errors))
        details = {"penalty": self.penalties[best], "validation_error": float(errors[best])}
        X = task.landmarks.astype(np.float64)
        return np.linalg.solve(X.T @ X + self.penalties[best] * np.eye(X.shape[1]), X.T), details


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
    """All that the choice of a penalty needs of the training samples, in float64.

    With X landmark and Y target genes, subscript f for the fitted and v for the validation samples:

    Attributes
    ----------
    fitted_gram, validation_gram
        Xf'Xf and Xv'Xv, [landmarks, landmarks].
    fitted_square, mixed
        Xf'Yf (Xf'Yf)' and Xv'Yv (Xf'Yf)', [landmarks, landmarks].
    validation_square
        Sum of the squares of Yv.
    validation_size
        Number of values in Yv.
    """

    fitted_gram: np.ndarray
    validation_gram: np.ndarray
    fitted_square: np.ndarray
    mixed: np.ndarray
    validation_square: float
    validation_size: int


def gather(task: Task, report: Report) -> Moments:
    """Compute the moments from products of samples where the task has them, else target gene by target gene."""
    held, targets = task.validation, task.targets.shape[1]
    X, X_held = task.landmarks[~held].astype(np.float64), task.landmarks[held].astype(np.float64)
    report(Progress("Fitting ridge regression", 0, targets, "target gene"))
    if task.products is not None:
        products = task.products()
        between, of_held = products[~held], products[held]
        sums = (
            X.T @ between[:, ~held] @ X,
            X_held.T @ of_held[:, ~held] @ X,
            float(np.trace(of_held[:, held])),
        )
    else:
        sums = _sums_over_targets(X, X_held, task, report)
    report(Progress("Fitting ridge regression", targets, targets, "target gene"))
    return Moments(X.T @ X, X_held.T @ X_held, *sums, len(X_held) * targets)


def _sums_over_targets(
    X: np.ndarray, X_held: np.ndarray, task: Task, report: Report
) -> tuple[np.ndarray, np.ndarray, float]:
    """Go through the targets once, in blocks; return fitted_square, mixed and validation_square."""
    landmarks, targets = X.shape[1], task.targets.shape[1]
    fitted_square, mixed = np.zeros((landmarks, landmarks)), np.zeros((landmarks, landmarks))
    validation_square = 0.0
    for columns in _blocks(targets):
        report(Progress("Fitting ridge regression", columns.start, targets, "target gene"))
        Y = task.targets[:, columns].astype(np.float64)
        Y_held = Y[task.validation]
        fitted_cross = X.T @ Y[~task.validation]
        fitted_square += fitted_cross @ fitted_cross.T
        mixed += (X_held.T @ Y_held) @ fitted_cross.T
        validation_square += float(np.vdot(Y_held, Y_held))
    return fitted_square, mixed, validation_square


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


def times_targets(solution: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return solution @ targets, float64 [rows, targets], of which few are converted to float64 at once."""
    found = np.empty((len(solution), targets.shape[1]))
    for columns in _blocks(targets.shape[1]):
        found[:, columns] = solution @ targets[:, columns].astype(np.float64)
    return found


def _blocks(targets: int) -> Iterator[slice]:
    return (slice(start, min(start + BLOCK, targets)) for start in range(0, targets, BLOCK))
