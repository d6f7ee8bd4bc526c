"""Ridge regression of all target genes on the landmark genes, with the penalty chosen on validation samples."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import pandas as pd

from landmark.decompositions import eigh, inv, solve
from landmark.inference.cross_fit import fold_of, places_of
from landmark.inference.cross_products import CrossProducts
from landmark.inference.predictor import Network, Task, weighted_sum
from landmark.progress import Progress, Report
from landmark.training.artefact import load_artefact, save_artefact

KIND = "ridge regression"

PENALTIES = tuple(float(penalty) for penalty in np.logspace(-1, 5, 25))
"""Penalties on offer: four per power of ten."""

BLOCK = 1024
"""Target genes that are converted to float64 at once."""

Linear = Callable[[np.ndarray], np.ndarray]
"""Multiplies a matrix [landmarks, columns] by one, [landmarks, landmarks], from the left."""


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
        inverse, details = self._inverse(task, moments)
        return RidgePredictor(times_cross(inverse, task, moments).astype(np.float32), details)

    def predict(
        self, task: Task, landmarks: np.ndarray, report: Report
    ) -> tuple[np.ndarray, Mapping[str, float]]:
        """Learn and predict other samples at once, without the weights, which take longer for few samples."""
        moments = gather(task, report)
        inverse, details = self._inverse(task, moments)
        if moments.cross is not None:
            return landmarks @ times_cross(inverse, task, moments).astype(np.float32), details
        solution = inverse(task.landmarks.T.astype(np.float64))
        return (landmarks @ solution).astype(np.float32) @ task.target_values, details

    def cross_fitted(
        self, task: Task, folds: int, report: Report, *, seed: int = 0, wanted: np.ndarray | None = None
    ) -> np.ndarray:
        """Predict every training sample as a fit with an intercept on the samples of the other folds would.

        The penalty is the one that is chosen on all training samples. With H = 11'/n + X (X'X + penalty I)^-1 X' the
        errors of the samples S of a fold are (I - H_SS)^-1 (Y - H Y)_S: nothing is fitted anew (the leave-out formula
        of linear smoothers, as in Golub, Heath and Wahba, Technometrics 21:215, 1979).
        """
        moments = gather(task, report)
        inverse, _ = self._inverse(task, moments)
        X, weights = task.landmarks.astype(np.float64), times_cross(inverse, task, moments).astype(np.float32)
        shares = inverse(X.T)
        fold, places = fold_of(len(X), folds, seed, task.groups), places_of(wanted, len(X))
        found = np.empty((places.max() + 1, task.targets.shape[1]), np.float32)
        for number in range(fold.max() + 1):
            held = np.flatnonzero(fold == number)
            true = task.targets[held]
            errors = true - task.landmarks[held] @ weights  # genes are standardised: their means are 0
            correction = inv(np.eye(len(held)) - X[held] @ shares[:, held] - 1 / len(X))
            own = places[held] >= 0
            found[places[held[own]]] = true[own] - correction[own].astype(np.float32) @ errors
        return found

    def _inverse(self, task: Task, moments: "Moments") -> tuple[Linear, Mapping[str, float]]:
        """Return what multiplies by (X'X + penalty I)^-1, and what was chosen."""
        errors = validation_errors(moments, np.array(self.penalties))
        best = int(np.argmin(errors))
        details = {"penalty": self.penalties[best], "validation_error": float(errors[best])}
        X = task.landmarks.astype(np.float64)
        return partial(solve, X.T @ X + self.penalties[best] * np.eye(X.shape[1])), details


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
    cross
        X'Y over all training samples, [landmarks, targets]; None where products of samples served instead.
    """

    fitted_gram: np.ndarray
    validation_gram: np.ndarray
    fitted_square: np.ndarray
    mixed: np.ndarray
    validation_square: float
    validation_size: int
    cross: np.ndarray | None = None


STAGE = "Fitting ridge regression"


def gather(task: Task, report: Report) -> Moments:
    """Compute the moments from products of samples where the task has them, else in one pass over the samples."""
    held, targets = task.validation, task.targets.shape[1]
    X, X_held = task.landmarks[~held].astype(np.float64), task.landmarks[held].astype(np.float64)
    cross = None
    if task.products is not None:
        report(Progress(STAGE))
        products = task.products()
        between, of_held = products[~held], products[held]
        sums = (
            X.T @ between[:, ~held] @ X,
            X_held.T @ of_held[:, ~held] @ X,
            float(np.trace(of_held[:, held])),
        )
    else:
        found = CrossProducts.of(task, report, STAGE)
        sums = found.fitted @ found.fitted.T, found.held @ found.fitted.T, found.held_squares
        cross = np.add(found.fitted, found.held, out=found.fitted)
    return Moments(X.T @ X, X_held.T @ X_held, *sums, len(X_held) * targets, cross)


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
    values, Q = eigh(moments.fitted_gram)
    quadratic = (Q.T @ moments.validation_gram @ Q) * (Q.T @ moments.fitted_square @ Q)
    linear = np.einsum("ji,jk,ki->i", Q, moments.mixed, Q, optimize=True)
    shrunk = 1 / (np.maximum(values, 0) + penalties[:, None])
    squares = np.einsum("pi,ij,pj->p", shrunk, quadratic, shrunk, optimize=True)
    return (squares - 2 * shrunk @ linear + moments.validation_square) / moments.validation_size


def times_cross(linear: Linear, task: Task, moments: Moments) -> np.ndarray:
    """Multiply X'Y from the left, float64 [rows, targets], where few targets are converted to float64 at once."""
    if moments.cross is not None:
        return linear(moments.cross)
    solution, targets = linear(task.landmarks.T.astype(np.float64)), task.target_values
    found = np.empty((len(solution), targets.shape[1]))
    for start in range(0, targets.shape[1], BLOCK):
        columns = slice(start, start + BLOCK)
        found[:, columns] = solution @ targets[:, columns].astype(np.float64)
    return found
