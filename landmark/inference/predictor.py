"""What every way of predicting target genes takes and gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np
import pandas as pd

from landmark.progress import Report
from landmark.training.data import Samples, in_memory, part_of


@dataclass(frozen=True)
class Task:
    """Training samples of one prediction; all genes are standardised by them.

    Attributes
    ----------
    landmarks
        Landmark genes, and after them ``covariates`` columns of an annotation, float32 [samples, landmarks].
    targets
        Target genes, float32 [samples, targets]: an array, or read as they are asked for.
    validation
        The samples on which a method judges its own settings, bool [samples].
    covariates
        How many of the last columns of ``landmarks`` are no genes but tell an annotation of the samples, such as
        their tissue; standardised like genes.
    products
        Computes the products of samples over the targets, Y Y', float64 [samples, samples], for a method that asks;
        None where that would take longer than it does without.
    groups
        Number of the group of each sample, int [samples], where samples of a group (a patient, a study) belong
        together; None where every sample stands by itself.
    """

    landmarks: np.ndarray
    targets: Samples
    validation: np.ndarray
    covariates: int = 0
    products: Callable[[], np.ndarray] | None = None
    groups: np.ndarray | None = None

    def divided(self) -> tuple[np.ndarray, Samples, np.ndarray, Samples]:
        """Return landmarks and targets of the samples to learn from, then those of the validation samples."""
        fitted, held = ~self.validation, self.validation
        targets = part_of(self.targets, fitted), part_of(self.targets, held)
        return self.landmarks[fitted], targets[0], self.landmarks[held], targets[1]

    @cached_property
    def target_values(self) -> np.ndarray:
        """All targets at once, for a method that cannot do with some samples after the others."""
        return in_memory(self.targets)


@dataclass(frozen=True)
class Network:
    """A predictor as a function that JAX can transform.

    Attributes
    ----------
    apply
        Takes parameters and standardised landmark genes [samples, landmarks]; gives targets [samples, targets]. Equal
        for networks that differ by their parameters alone, for what was compiled for one serves the other.
    parameters
        Arrays, for instance in nested dictionaries.
    """

    apply: Callable[[Any, Any], Any]
    parameters: Any


def weighted_sum(weights: Any, landmarks: Any) -> Any:
    """Apply the network of a linear predictor, whose parameters are weights [landmarks, targets]."""
    return landmarks @ weights


class FittedPredictor(Protocol):
    """What a method has learned; it can be kept in a folder and read again by the class's ``load(folder)``."""

    method: ClassVar[str]
    """Name of the method, as in ``methods.METHODS``."""

    @property
    def details(self) -> Mapping[str, float]:
        """What the method chose or measured on validation samples, such as ``{"penalty": 100.0}``."""
        ...

    def predict(self, landmarks: np.ndarray) -> np.ndarray:
        """Predict all targets from standardised landmark genes, float32 [samples, landmarks] to [samples, targets]."""
        ...

    def network(self, columns: Sequence[int]) -> "Network":
        """Return the network from landmark genes to some targets."""
        ...

    def save(self, folder: Path) -> None:
        """Write into a folder, which is made where it is missing."""
        ...


@runtime_checkable
class Combined(Protocol):
    """Several fitted predictors that predict together."""

    @property
    def members(self) -> Mapping[str, FittedPredictor]:
        """Each by its name."""
        ...


MADE_OF_SAMPLES = ("kernel", "sample_lasso")
"""Methods whose predictions are made from the training samples: what they have learned holds their values."""


def holds_samples(fitted: FittedPredictor) -> bool:
    """Say whether a fitted predictor, or a member of it, holds values of its training samples."""
    members = fitted.members.values() if isinstance(fitted, Combined) else ()
    return fitted.method in MADE_OF_SAMPLES or any(map(holds_samples, members))


@runtime_checkable
class TrainedInEpochs(Protocol):
    """A fitted network, which remembers its training."""

    @property
    def history(self) -> pd.DataFrame:
        """One row per epoch: epoch, train_loss, validation_loss, seconds."""
        ...


class Predictor(Protocol):
    """A method with its own settings, which are fields of the implementation."""

    def fit(self, task: Task, report: Report) -> FittedPredictor:
        """Learn from the training samples of a task."""
        ...


@runtime_checkable
class MixesSamples(Protocol):
    """A fitted predictor that predicts a sample as a weighted sum of training samples."""

    def predict_mixed(self, landmarks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return targets [samples, targets], and the weights they are made of, [samples, training samples]."""
        ...


@runtime_checkable
class PredictsAtOnce(Protocol):
    """A method that predicts samples sooner where what it learns need not be kept."""

    def predict(
        self, task: Task, landmarks: np.ndarray, report: Report
    ) -> tuple[np.ndarray, Mapping[str, float]]:
        """Return what the fitted method would: targets [samples, targets], and its details."""
        ...
