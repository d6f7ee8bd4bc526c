"""What predictors have in common that are networks trained by gradient descent."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:  # not at run time, so that the other methods start without JAX
    from landmark.training.trained import Trained


@dataclass(frozen=True)
class NetworkPredictor:
    """A trained network as a predictor."""

    trained: "Trained[Any]"

    @property
    def history(self) -> pd.DataFrame:
        """One row per epoch; see the trained network."""
        return self.trained.history

    def predict(self, landmarks: np.ndarray) -> np.ndarray:
        """Predict all targets, [samples, landmarks], covariates among them, to float32 [samples, targets]."""
        return self.trained.apply(landmarks)

    def save(self, folder: Path) -> None:
        """Write into a folder."""
        self.trained.save(folder)
