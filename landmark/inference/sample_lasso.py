"""SampleLASSO (Mancuso et al. 2020): every new sample as a sparse mixture of training samples.

A new sample's landmark genes are regressed on those of the training samples, which are the variables while genes are
the observations; the same weights applied to the other genes of the training samples are the prediction, and name the
samples it comes from.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import pandas as pd

from landmark.errors import BadConfiguration
from landmark.inference.cross_fit import parts
from landmark.inference.mixtures import Mixer, Mixture
from landmark.inference.predictor import Network, Task
from landmark.progress import Progress, Report
from landmark.training.artefact import load_artefact, save_artefact

KIND = "sample mixtures"

ALPHAS = tuple(float(alpha) for alpha in np.logspace(0, -3, 13))
"""Penalties on offer, from the sparsest down: four per power of ten."""

PATIENCE = 2
"""The way down the penalties ends after so many that predict worse than the best one: the last ones take longest."""

MOST_JUDGES = 512
"""Validation samples at most that the penalties are judged by."""


@dataclass(frozen=True)
class SampleLasso:
    """Predict a sample by a sparse mixture of training samples.

    With landmark genes y [genes] of a new sample and X [genes, training samples] of the training samples, all
    standardised per gene by the training samples, the weights w minimise what scikit-learn's ``Lasso`` does,

        |y - b - X w|^2 / (2 genes) + alpha |w|_1

    Columns of an annotation that come after the landmark genes are observations like genes. The penalties on offer are
    tried from the largest down on the validation samples, as mixtures of the other training samples, each from the
    solution before it; the one with the least absolute error is used for mixtures of all training samples.

    Attributes
    ----------
    alphas
        The penalties to choose from, positive; a single one is taken as it is.
    intercept
        Whether b, one number per sample, is fitted without penalty, as the authors' code does; otherwise it is zero.
        It lifts all genes of a sample alike.
    """

    alphas: tuple[float, ...] = ALPHAS
    intercept: bool = True

    def __post_init__(self) -> None:
        """Refuse penalties with which there is nothing to solve."""
        if not self.alphas or not all(0 < alpha < np.inf for alpha in self.alphas):
            raise BadConfiguration(f"alphas = {self.alphas}: give one or more positive numbers.")

    def fit(self, task: Task, report: Report) -> "FittedSampleLasso":
        """Choose the penalty; details: ``alpha``, its ``validation_error`` (mean absolute) and ``mixed_samples``.

        The last is the number of training samples with weight in a validation sample, on average.
        """
        landmarks, judges, Y = (
            task.landmarks[~task.validation],
            task.landmarks[task.validation],
            task.target_values,
        )
        targets, truth = Y[~task.validation], Y[task.validation]
        some = np.linspace(0, len(judges) - 1, min(len(judges), MOST_JUDGES)).round().astype(int)
        judges, truth = judges[some], truth[some]
        mixer, alphas = Mixer(landmarks, self.intercept), sorted(self.alphas, reverse=True)
        starts: list[np.ndarray | None] = [None for _ in mixer.blocks(judges)]
        found: list[dict[str, float]] = []
        for number, alpha in enumerate(alphas):
            errors, mixed = 0.0, 0
            for block, rows in enumerate(mixer.blocks(judges)):
                report(Progress("Choosing the penalty of SampleLASSO", number, len(alphas), "penalty"))
                mixture = mixer.solve(judges[rows], alpha, starts[block])
                starts[block] = mixture.weights
                errors += float(np.abs(mixture.applied(targets) - truth[rows]).sum(dtype=np.float64))
                mixed += int((mixture.weights != 0).sum())
            found.append(
                {
                    "alpha": alpha,
                    "validation_error": errors / truth.size,
                    "mixed_samples": mixed / len(judges),
                }
            )
            best = min(range(len(found)), key=lambda place: found[place]["validation_error"])
            if number - best >= PATIENCE:
                break
        return FittedSampleLasso(task.landmarks, task.target_values, self.intercept, found[best])

    def cross_fitted(
        self, task: Task, folds: int, report: Report, *, seed: int = 0, wanted: np.ndarray | None = None
    ) -> np.ndarray:
        """Predict every training sample as a mixture of samples of the other folds.

        The penalty is the one that is chosen on all training samples.
        """
        chosen = self.fit(task, report).details
        found = np.empty(task.targets.shape, np.float32)
        for part in parts(task, folds, seed):
            report(Progress(f"Mixing samples, {part.name}"))
            others = FittedSampleLasso(part.task.landmarks, part.task.target_values, self.intercept, chosen)
            found[part.held] = part.scaling.invert(others.predict(part.landmarks))
        return found if wanted is None else found[wanted]


@dataclass(frozen=True)
class FittedSampleLasso:
    """The training samples, and the penalty with which new samples become mixtures of them.

    Attributes
    ----------
    landmarks, targets
        Of the training samples, standardised, float32 [training samples, landmarks] and [training samples, targets].
    intercept
        As of ``SampleLasso``.
    details
        What was chosen and measured on validation samples.
    """

    method: ClassVar[str] = "sample_lasso"
    landmarks: np.ndarray
    targets: np.ndarray
    intercept: bool
    details: Mapping[str, float]

    def predict(self, landmarks: np.ndarray) -> np.ndarray:
        """Predict all targets, [samples, landmarks] to float32 [samples, targets]; in blocks, each on its own."""
        predicted = np.empty((len(landmarks), self.targets.shape[1]), np.float32)
        for rows, mixture in self._mixed(landmarks):
            predicted[rows] = mixture.applied(self.targets)
        return predicted

    def mixtures(self, landmarks: np.ndarray) -> np.ndarray:
        """Find of which training samples new ones are mixtures.

        Times the ``targets`` of the training samples, and with the intercept added, they are the prediction.

        Parameters
        ----------
        landmarks
            Of new samples, standardised, [samples, landmarks].

        Returns
        -------
        ndarray
            Weights, most of them zero, some negative; float32 [samples, training samples], in the order of training.
        """
        weights = np.empty((len(landmarks), len(self.landmarks)), np.float32)
        for rows, mixture in self._mixed(landmarks):
            weights[rows] = mixture.weights
        return weights

    def predict_mixed(self, landmarks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return what ``predict`` and ``mixtures`` do, solved once."""
        predicted = np.empty((len(landmarks), self.targets.shape[1]), np.float32)
        weights = np.empty((len(landmarks), len(self.landmarks)), np.float32)
        for rows, mixture in self._mixed(landmarks):
            predicted[rows], weights[rows] = mixture.applied(self.targets), mixture.weights
        return predicted, weights

    def network(self, columns: Sequence[int]) -> Network:
        """Refuse: a mixture has no weights of genes that hold for all samples.

        The prediction is the solution of an optimisation, piecewise linear in the landmark genes. While the training
        samples with weight stay the same it is linear, but from a reference to a sample they change, so contributions
        by the slope at the sample would not add up to what they are to explain. What explains this method is
        ``mixtures``.

        Raises
        ------
        BadConfiguration
            Always.
        """
        raise BadConfiguration(
            "SampleLASSO predicts each sample from other samples, not by fixed weights of genes, so DeepLIFT cannot "
            "explain it. Fit ridge regression or a network to see which genes drive a prediction."
        )

    def save(self, folder: Path) -> None:
        """Write into a folder."""
        arrays = {"landmarks": self.landmarks, "targets": self.targets}
        description = {"intercept": self.intercept, "details": dict(self.details)}
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
        return cls(arrays["landmarks"], arrays["targets"], description["intercept"], description["details"])

    @cached_property
    def _mixer(self) -> Mixer:
        return Mixer(self.landmarks, self.intercept)

    def _mixed(self, landmarks: np.ndarray) -> Iterator[tuple[slice, Mixture]]:
        for rows in self._mixer.blocks(landmarks):
            yield rows, self._mixer.solve(landmarks[rows], self.details["alpha"])
