import numpy as np
import pytest

from landmark.inference.split import SplitExpression


@pytest.fixture(scope="session")
def split() -> SplitExpression:
    """90 training and 40 test samples over 80 genes that share eight factors, on unlike scales."""
    rng = np.random.default_rng(11)
    X = rng.normal(size=(130, 8)) @ rng.normal(size=(8, 80)) + rng.normal(size=(130, 80))
    X = (X * rng.uniform(0.2, 3, 80) + rng.uniform(4, 12, 80)).astype(np.float32)
    return SplitExpression.of(X[:90], X[90:], [f"g{i}" for i in range(80)])


@pytest.fixture
def noisy():
    """Return measured values, and two predictions with less and with more noise, of 50 samples x 30 genes."""
    rng = np.random.default_rng(2)
    true = rng.normal(size=(50, 30)).astype(np.float32)
    good = true + rng.normal(scale=0.5, size=true.shape).astype(np.float32)
    poor = true + rng.normal(scale=1.0, size=true.shape).astype(np.float32)
    return true, good, poor


@pytest.fixture
def groups():
    """Return 60 samples x 20 features in three groups of unlike direction, and the groups' names."""
    rng = np.random.default_rng(4)
    labels = np.repeat(["a", "b", "c"], [30, 20, 10])
    centres = dict(zip("abc", rng.normal(size=(3, 20)), strict=True))
    values = np.array([centres[label] for label in labels]) + 0.3 * rng.normal(size=(60, 20))
    order = rng.permutation(60)
    return values[order].astype(np.float32), labels[order]
