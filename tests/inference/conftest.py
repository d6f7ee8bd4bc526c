import numpy as np
import pytest

from landmark.inference.split import SplitExpression


@pytest.fixture(scope="session")
def split() -> SplitExpression:
    """80 training and 30 test samples over 60 genes that share six factors, on unlike scales."""
    rng = np.random.default_rng(3)
    factors, loadings = rng.normal(size=(110, 6)), rng.normal(size=(6, 60))
    X = factors @ loadings + rng.normal(size=(110, 60))
    X = (X * rng.uniform(0.2, 3, 60) + rng.uniform(4, 12, 60)).astype(np.float32)
    return SplitExpression.of(X[:80], X[80:], [f"g{i}" for i in range(60)])
