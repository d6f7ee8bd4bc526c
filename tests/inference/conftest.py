from collections.abc import Callable

import numpy as np
import pytest

from landmark.inference.predictor import Task
from landmark.inference.split import SplitExpression, validation_rows


@pytest.fixture(scope="session")
def split() -> SplitExpression:
    """80 training and 30 test samples over 60 genes that share six factors, on unlike scales."""
    rng = np.random.default_rng(3)
    factors, loadings = rng.normal(size=(110, 6)), rng.normal(size=(6, 60))
    X = factors @ loadings + rng.normal(size=(110, 60))
    X = (X * rng.uniform(0.2, 3, 60) + rng.uniform(4, 12, 60)).astype(np.float32)
    return SplitExpression.of(X[:80], X[80:], [f"g{i}" for i in range(60)])


@pytest.fixture(scope="session")
def task_of(split: SplitExpression) -> Callable[[int], tuple[Task, np.ndarray]]:
    """Make the task to predict from the first so many genes, with the landmark genes of the test samples."""

    def make(landmarks: int) -> tuple[Task, np.ndarray]:
        own, others = split.genes[:landmarks], split.genes[landmarks:]
        rows = validation_rows(len(split.train), 0)
        return Task(split.train_columns(own), split.train_columns(others), rows), split.test_columns(own)

    return make
