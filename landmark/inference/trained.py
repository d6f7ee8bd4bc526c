"""A predictor with the names and scales of its genes: what is stored, and used on any samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.expression.scaling import Scaling
from landmark.inference.methods import LOADERS
from landmark.inference.predictor import FittedPredictor
from landmark.training.artefact import load_artefact, save_artefact

KIND = "predictor"
LEARNED = "learned"


@dataclass(frozen=True)
class TrainedPredictor:
    """What a method learned from training samples, by gene names.

    Attributes
    ----------
    landmarks, targets
        Names of the genes it takes and gives, in order.
    landmark_scaling, target_scaling
        Of these genes, learned from the training samples.
    fitted
        What was learned.
    """

    landmarks: tuple[str, ...]
    targets: tuple[str, ...]
    landmark_scaling: Scaling
    target_scaling: Scaling
    fitted: FittedPredictor

    def columns(self, targets: Sequence[str]) -> list[int]:
        """Return the places of some targets.

        Raises
        ------
        BadData
            If one is not predicted.
        """
        place = {gene: number for number, gene in enumerate(self.targets)}
        if unknown := [gene for gene in targets if gene not in place]:
            measured = unknown[0] in self.landmarks
            why = "it is a landmark gene itself" if measured else "the dataset does not have it"
            raise BadData(
                f"{unknown[0]} is not among the {len(place):,} genes that are predicted: {why}. Choose another gene."
            )
        return [place[gene] for gene in targets]

    def save(self, folder: Path) -> None:
        """Write into a folder."""
        arrays = {
            "landmarks": {"shift": self.landmark_scaling.shift, "scale": self.landmark_scaling.scale},
            "targets": {"shift": self.target_scaling.shift, "scale": self.target_scaling.scale},
        }
        description = {"method": self.fitted.method, "landmarks": self.landmarks, "targets": self.targets}
        save_artefact(folder, KIND, arrays, description, pd.DataFrame())
        self.fitted.save(folder / LEARNED)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read from a folder.

        Raises
        ------
        BadRun
            If the files are missing or damaged.
        """
        arrays, about, _ = load_artefact(folder, KIND)
        return cls(
            tuple(about["landmarks"]),
            tuple(about["targets"]),
            Scaling(**arrays["landmarks"]),
            Scaling(**arrays["targets"]),
            LOADERS[about["method"]](folder / LEARNED),
        )

    def predict(self, landmarks: np.ndarray) -> np.ndarray:
        """Predict all targets of any samples, both in the units of the dataset."""
        return self.target_scaling.invert(self.fitted.predict(self.landmark_scaling.apply(landmarks)))
