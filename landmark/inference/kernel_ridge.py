"""Kernel ridge regression: a target gene is a smooth function of all landmark genes, by the likeness of samples.

As in Saunders, Gammerman & Vovk (1998), with one kernel for all target genes and a penalty of each target gene's own.
Kernel and penalties are chosen by the errors that the training samples have when they are left out, which follow from
a single fit. The work grows with the cube of the training samples, so it suits hundreds to a few thousand.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from landmark.decompositions import eigh, solve
from landmark.inference.cross_fit import fold_of, units_of
from landmark.inference.predictor import Network, Task
from landmark.inference.split import products_of
from landmark.progress import Progress, Report
from landmark.training.artefact import load_artefact, save_artefact

KIND = "kernel ridge regression"

PENALTIES = tuple(float(penalty) for penalty in np.logspace(-2.5, 1, 8))
"""Penalties on offer: two per power of ten."""

MOST_SAMPLES = 4096
"""Of more training samples, as many are drawn to learn from."""

BLOCK = 1024
"""Target genes whose errors are held at once."""


@dataclass(frozen=True)
class Kernel:
    """How alike two samples are by their landmark genes x and z: exp(-|x - z|^2 / (2 width^2)) + linear x'z.

    Attributes
    ----------
    width
        Of the Gaussian, in the unit of x.
    linear
        Weight of the linear part, which lets a prediction go beyond what training samples have.
    unit_length
        Whether the Gaussian takes samples scaled to length 1, so that it compares directions only.
    """

    width: float
    linear: float
    unit_length: bool

    def __call__(self, x: Any, z: Any, xp: Any = np) -> Any:
        """Return the likeness of samples, [samples, landmarks] and [others, landmarks] to [samples, others].

        ``xp`` is the library that computes: numpy, or ``jax.numpy``.
        """
        a, b = (_unit_length(x, xp), _unit_length(z, xp)) if self.unit_length else (x, z)
        squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * (a @ b.T)
        gaussian = xp.exp(squares * (-0.5 / self.width**2))
        return gaussian + self.linear * (x @ z.T) if self.linear else gaussian

    def among(self, landmarks: np.ndarray) -> np.ndarray:
        """Return the likeness of samples [samples, landmarks] to each other, float64 [samples, samples]."""
        x = landmarks.astype(np.float64)
        return self(x, x)


def _unit_length(x: Any, xp: Any) -> Any:
    # a sample that is average in every gene has no direction
    return x / xp.sqrt((x**2).sum(axis=1, keepdims=True) + 1e-6)


WIDTHS = ((True, 0.5), (True, 0.7), (False, 0.7), (False, 1.0))
"""Gaussians on offer: whether samples have length 1, and the width by the root of the median squared distance."""

LINEAR = (0.0, 0.3)
"""Weights of the linear part on offer, by the number of landmark genes."""


def kernels_for(landmarks: np.ndarray) -> list[Kernel]:
    """Return the kernels on offer for standardised training samples, [samples, landmarks]."""
    found = []
    for unit_length, width in WIDTHS:
        x = _unit_length(landmarks, np) if unit_length else landmarks
        spread = float(np.sqrt(_median_square(x))) or 1.0
        found += [Kernel(width * spread, weight / x.shape[1], unit_length) for weight in LINEAR]
    return found


def _median_square(x: np.ndarray) -> float:
    """Return the median squared distance of two samples."""
    squares = (x**2).sum(axis=1)
    return max(float(np.median((squares[:, None] + squares - 2 * (x @ x.T))[np.triu_indices(len(x), 1)])), 0)


@dataclass(frozen=True)
class KernelRidge:
    """Ridge regression on the likeness of samples.

    Attributes
    ----------
    penalties
        The penalties to choose from.
    """

    penalties: tuple[float, ...] = PENALTIES

    def fit(self, task: Task, report: Report) -> "KernelPredictor":
        """Learn; details: kernel, median ``penalty``, and ``validation_error`` (mean square of samples left out)."""
        task = _few(task)
        best, penalties, error = self._chosen(task, report)
        values, vectors = _eigen(best.among(task.landmarks))
        coefficients = np.empty(task.targets.shape, np.float32)
        for columns in _blocks(task.targets.shape[1], report):
            turned = vectors.T @ task.target_values[:, columns].astype(np.float64)
            coefficients[:, columns] = vectors @ (turned / (values[:, None] + penalties[columns]))
        details = {
            "penalty": float(np.median(penalties)),
            "validation_error": error,
            "width": best.width,
            "linear_share": best.linear * task.landmarks.shape[1],
        }
        return KernelPredictor(best, task.landmarks, coefficients, details)

    def cross_fitted(
        self, task: Task, folds: int, report: Report, *, seed: int = 0, wanted: np.ndarray | None = None
    ) -> np.ndarray:
        """Predict every training sample as a fit on the samples of the other folds would, without fitting anew.

        Kernel and penalties are those that ``fit`` chooses; where it draws samples, so do the fits. With the
        coefficients A = G Y of G = (K + penalty I)^-1, those of a fit without the samples u are A - G_u (G_uu)^-1 A_u.
        """
        learned, drawn = _few(task), _drawn(len(task.targets))
        best, penalties, _ = self._chosen(learned, report)
        values, vectors = _eigen(best.among(learned.landmarks))
        likeness = best(task.landmarks.astype(np.float64), learned.landmarks.astype(np.float64))
        likeness = likeness.astype(np.float32)
        fold = fold_of(len(task.targets), folds, seed, task.groups)
        predicted = np.empty(task.targets.shape, np.float32)
        for penalty in np.unique(penalties):
            inverse = (vectors / (values + penalty)) @ vectors.T
            of_penalty = np.flatnonzero(penalties == penalty)
            for block in _blocks(len(of_penalty), report):
                columns = of_penalty[block]
                coefficients = inverse @ learned.target_values[:, columns].astype(np.float64)
                for held in (fold == number for number in range(fold.max() + 1)):
                    u = np.flatnonzero(held[drawn])
                    change = solve(inverse[np.ix_(u, u)], coefficients[u])
                    without = (coefficients - inverse[:, u] @ change).astype(np.float32)
                    predicted[np.ix_(held, columns)] = likeness[held] @ without
        return predicted if wanted is None else predicted[wanted]

    def _chosen(self, task: Task, report: Report) -> tuple[Kernel, np.ndarray, float]:
        """Choose the kernel, the penalty of every target gene [targets], and return their mean squared error."""
        units = units_of(len(task.targets), task.groups)
        products = task.products() if task.products else products_of(task.target_values)
        kernels = kernels_for(task.landmarks.astype(np.float64))
        best, least = kernels[0], np.inf
        for number, kernel in enumerate(kernels):
            report(Progress("Choosing a kernel", number, len(kernels), "kernel"))
            values, vectors = _eigen(kernel.among(task.landmarks))
            for penalty in self.penalties:
                left_out = _left_out(values, vectors, penalty, units)
                error = float(np.vdot(left_out @ products, left_out)) / task.target_values.size
                if error < least:
                    best, least = kernel, error
        values, vectors = _eigen(best.among(task.landmarks))
        of_penalties = [
            _left_out(values, vectors, penalty, units).astype(np.float32) for penalty in self.penalties
        ]
        chosen, total = np.empty(task.targets.shape[1]), 0.0
        for columns in _blocks(task.targets.shape[1], report):
            errors = np.array(
                [np.square(matrix @ task.target_values[:, columns]).mean(axis=0) for matrix in of_penalties]
            )
            chosen[columns] = np.array(self.penalties)[errors.argmin(axis=0)]
            total += float(errors.min(axis=0).sum())
        return best, chosen, total / len(chosen)


def _drawn(samples: int) -> np.ndarray:
    """Choose the samples that are learned from: all, or a draw where they are too many to compare each with each."""
    return np.sort(np.random.default_rng(0).permutation(samples)[:MOST_SAMPLES])


def _few(task: Task) -> Task:
    """Keep the samples that are learned from."""
    if len(task.targets) <= MOST_SAMPLES:
        return task
    drawn = _drawn(len(task.targets))
    groups = None if task.groups is None else task.groups[drawn]
    return Task(
        task.landmarks[drawn], task.targets[drawn], task.validation[drawn], task.covariates, groups=groups
    )


def _eigen(likeness: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values, vectors = eigh(likeness)
    return np.maximum(values, 0), vectors


def _left_out(values: np.ndarray, vectors: np.ndarray, penalty: float, units: np.ndarray) -> np.ndarray:
    """Return the matrix that takes targets to the errors that each unit of samples has when it is left out.

    With G = (K + penalty I)^-1, the errors of the samples u that are left out together are (G_uu)^-1 (G Y)_u; for a
    single sample that is the leave-one-out formula (Rifkin & Lippert 2007).

    Parameters
    ----------
    values, vectors
        Of the likeness K of the samples.
    units
        Number of the unit of each sample, int [samples].

    Returns
    -------
    ndarray
        float64 [samples, samples].
    """
    inverse = (vectors / (values + penalty)) @ vectors.T
    found = inverse / np.diagonal(inverse)[:, None]
    of_units, sizes = np.unique(units, return_counts=True)
    for unit in of_units[sizes > 1]:
        rows = np.flatnonzero(units == unit)
        found[rows] = solve(inverse[np.ix_(rows, rows)], inverse[rows])
    return found


@dataclass(frozen=True)
class KernelSum:
    """Applies a fitted kernel as a network, whose parameters are ``samples`` and ``coefficients``."""

    kernel: Kernel

    def __call__(self, parameters: Any, landmarks: Any) -> Any:
        """Predict targets [samples, targets] from standardised landmark genes [samples, landmarks]."""
        import jax.numpy as jnp

        return self.kernel(landmarks, parameters["samples"], jnp) @ parameters["coefficients"]


@dataclass(frozen=True)
class KernelPredictor:
    """Every target gene as a sum over training samples, each by its likeness to the sample that is predicted.

    Attributes
    ----------
    kernel
        The likeness.
    samples
        Landmark genes of the training samples, float32 [training samples, landmarks].
    coefficients
        float32 [training samples, targets].
    details
        What was chosen and measured.
    """

    method: ClassVar[str] = "kernel"
    kernel: Kernel
    samples: np.ndarray
    coefficients: np.ndarray
    details: Mapping[str, float]

    def predict(self, landmarks: np.ndarray) -> np.ndarray:
        """Predict all targets, [samples, landmarks] to float32 [samples, targets]."""
        likeness = self.kernel(landmarks.astype(np.float64), self.samples.astype(np.float64))
        return likeness.astype(np.float32) @ self.coefficients

    def network(self, columns: Sequence[int]) -> Network:
        """Return the sums for some targets."""
        parameters = {"samples": self.samples, "coefficients": self.coefficients[:, list(columns)]}
        return Network(KernelSum(self.kernel), parameters)

    def save(self, folder: Path) -> None:
        """Write into a folder."""
        arrays = {"samples": self.samples, "coefficients": self.coefficients}
        description = {"kernel": asdict(self.kernel), "details": dict(self.details)}
        save_artefact(folder, KIND, arrays, description, pd.DataFrame())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read from a folder.

        Raises
        ------
        BadRun
            If the files are missing or damaged.
        """
        arrays, description, _ = load_artefact(folder, KIND)
        kernel = Kernel(**description["kernel"])
        return cls(kernel, arrays["samples"], arrays["coefficients"], description["details"])


def _blocks(targets: int, report: Report) -> Iterator[slice]:
    """Go through the target genes in blocks."""
    for start in range(0, targets, BLOCK):
        report(Progress("Fitting kernel ridge regression", start, targets, "target gene"))
        yield slice(start, min(start + BLOCK, targets))
