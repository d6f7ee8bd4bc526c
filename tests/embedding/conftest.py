import numpy as np
import pytest


@pytest.fixture
def groups():
    """Return 60 samples x 20 features in three groups of unlike direction, and the groups' names."""
    rng = np.random.default_rng(4)
    labels = np.repeat(["a", "b", "c"], [30, 20, 10])
    centres = dict(zip("abc", rng.normal(size=(3, 20)), strict=True))
    values = np.array([centres[label] for label in labels]) + 0.3 * rng.normal(size=(60, 20))
    order = rng.permutation(60)
    return values[order].astype(np.float32), labels[order]
