"""A predictor with all that new samples need of it: an error for every value, and how far outside each sample lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from landmark.data.scaling import Scaling
from landmark.inference.covariate import Labels
from landmark.inference.intervals import Calibration
from landmark.inference.neighbours import Neighbours, nearest_samples
from landmark.inference.predictor import MixesSamples
from landmark.inference.split import SplitExpression
from landmark.inference.trained import TrainedPredictor
from landmark.training.artefact import load_artefact, save_artefact
from landmark.training.data import in_memory

KIND = "calibrated predictor"
PREDICTOR, TRAINING = "predictor", "training"


@dataclass(frozen=True)
class TrainingSamples:
    """What a predictor has learned from, kept to fit it again on other landmark genes and to name nearest samples.

    Attributes
    ----------
    split
        The training samples; its test part may be empty.
    names
        Of the training samples.
    """

    split: SplitExpression
    names: tuple[str, ...]

    def save(self, folder: Path) -> None:
        """Write values and names into a folder."""
        groups, labels = self.split.groups, self.split.labels
        arrays = {"values": in_memory(self.split.train)} | (
            {"groups": groups.train} if groups is not None else {}
        )
        about: dict[str, Any] = {"genes": self.split.genes, "samples": self.names}
        if labels is not None:
            about["labels"] = {"name": labels.name, "train": labels.train}
        save_artefact(folder, TRAINING, arrays, about, pd.DataFrame())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read from a folder; BadRun if the files are missing or damaged."""
        arrays, about, _ = load_artefact(folder, TRAINING)
        labels = about.get("labels")
        if labels is not None:
            labels = Labels(labels["name"], tuple(labels["train"]), ())
        split = SplitExpression.of_training(arrays["values"], about["genes"], labels, arrays.get("groups"))
        return cls(split, tuple(about["samples"]))


@dataclass(frozen=True)
class Inferred:
    """Complete profiles of some samples, in the unit of the training data, float32 [samples, targets] each.

    Attributes
    ----------
    values
        Of the target genes.
    lower, upper
        Ends of their prediction intervals.
    neighbours
        The training samples nearest to each; None where the predictor was kept without them.
    mixtures
        Weights of the training samples that each was predicted from, float32 [samples, training samples]; None where
        the method does not mix samples.
    """

    values: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    neighbours: Neighbours | None
    mixtures: np.ndarray | None


@dataclass(frozen=True)
class CalibratedPredictor:
    """A predictor, its errors on training samples that it was not shown, and the samples it learned from.

    Attributes
    ----------
    trained
        The predictor, learned from all training samples.
    calibration
        Errors of predictions of training samples by fits that had not seen them.
    mae, pcc
        Of these predictions per target gene, float32 [targets]; MAE in standard deviations.
    distances
        Of the calibration samples to their nearest training samples, ascending, float32 [samples]; where these were
        not kept, to their mean.
    quantiles
        Mean of the sorted landmark genes of the training samples, in their unit, ascending, float32 [landmarks].
    training
        What it learned from; None where it was kept without.
    """

    trained: TrainedPredictor
    calibration: Calibration
    mae: np.ndarray
    pcc: np.ndarray
    distances: np.ndarray
    quantiles: np.ndarray
    training: TrainingSamples | None

    def infer(self, landmarks: np.ndarray, level: float, labels: Sequence[str] | None = None) -> Inferred:
        """Predict all targets of samples, each with an interval.

        Parameters
        ----------
        landmarks
            In the unit of the training data, [samples, landmarks].
        level
            Share of values that the intervals are to cover, between 0 and 1.
        labels
            Annotation of the samples, for a predictor that was fitted with one.

        Raises
        ------
        BadConfiguration
            If there are too few calibration samples for the level.
        BadData
            If the annotation is needed and missing.
        """
        standardised = self.trained.landmark_scaling.apply(landmarks)
        inputs, fitted, mixtures = (
            self.trained.with_covariate(standardised, labels),
            self.trained.fitted,
            None,
        )
        if isinstance(fitted, MixesSamples):
            predicted, mixtures = fitted.predict_mixed(inputs)
        else:
            predicted = fitted.predict(inputs)
        neighbours = None if self.reference is None else nearest_samples(standardised, self.reference)
        distance = None if neighbours is None else neighbours.distance
        half = self.calibration.half_widths(level, predicted, distance)
        invert = self.trained.target_scaling.invert
        ends = invert(predicted - half), invert(predicted + half)
        return Inferred(invert(predicted), *ends, neighbours, mixtures)

    @cached_property
    def reference(self) -> np.ndarray | None:
        """Standardised landmark genes of the training samples, float32 [samples, landmarks]; None where not kept."""
        return None if self.training is None else self.training.split.train_columns(self.trained.landmarks)

    @property
    def compared(self) -> np.ndarray:
        """What new samples are compared with to find their scale, as ``reference``: its mean where it was not kept."""
        return (
            np.zeros((1, len(self.trained.landmarks)), np.float32)
            if self.reference is None
            else self.reference
        )

    def scaling_of(self, genes: Sequence[str]) -> Scaling:
        """Return the scaling of some landmark genes and targets, by the training samples, in their order."""
        trained = self.trained
        place = {gene: number for number, gene in enumerate((*trained.landmarks, *trained.targets))}
        chosen = [place[gene] for gene in genes]
        parts = trained.landmark_scaling, trained.target_scaling
        return Scaling(
            np.concatenate([part.shift for part in parts])[chosen],
            np.concatenate([part.scale for part in parts])[chosen],
        )

    def percentiles(self, distance: np.ndarray) -> np.ndarray:
        """Say which percentage of the calibration samples lies nearer than each sample does, [samples]."""
        return 100 * np.searchsorted(self.distances, distance) / len(self.distances)

    def save(self, folder: Path) -> None:
        """Write into a folder."""
        self.trained.save(folder / PREDICTOR)
        arrays = {
            "calibration": self.calibration.arrays(),
            "accuracy": {"mae": self.mae, "pcc": self.pcc},
            "distances": self.distances,
            "quantiles": self.quantiles,
        }
        save_artefact(folder, KIND, arrays, {"values": self.training is not None}, pd.DataFrame())
        if self.training is not None:
            self.training.save(folder / TRAINING)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read from a folder; BadRun if the files are missing or damaged."""
        arrays, about, _ = load_artefact(folder, KIND)
        return cls(
            TrainedPredictor.load(folder / PREDICTOR),
            Calibration.of_arrays(arrays["calibration"]),
            **arrays["accuracy"],
            distances=arrays["distances"],
            quantiles=arrays["quantiles"],
            training=TrainingSamples.load(folder / TRAINING) if about["values"] else None,
        )
