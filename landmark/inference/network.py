"""What predictors have in common that are networks trained by gradient descent."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd


class TrainedNetwork(Protocol):
    """A network from landmark to target genes, with its weights."""

    @property
    def history(self) -> pd.DataFrame:
        """One row per epoch: epoch, train_loss, validation_loss, seconds."""
        ...

    def predict(self, landmarks: np.ndarray) -> np.ndarray:
        """Predict all targets."""
        ...

    def save(self, folder: Path) -> None:
        """Write into a folder."""
        ...


@dataclass(frozen=True)
class NetworkPredictor:
    """A trained network as a predictor."""

    trained: TrainedNetwork

    @property
    def history(self) -> pd.DataFrame:
        """One row per epoch; see the trained network."""
        return self.trained.history

    def predict(self, landmarks: np.ndarray) -> np.ndarray:
        """Predict all targets, [samples, landmarks], covariates among them, to float32 [samples, targets]."""
        return self.trained.predict(landmarks)

    def save(self, folder: Path) -> None:
        """Write into a folder."""
        self.trained.save(folder)
