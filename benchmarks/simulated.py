"""Expression of any size in seconds, for measurements whose time does not depend on the values."""

import numpy as np

FACTORS = 100


def factor_expression(samples: int, genes: int, seed: int = 0) -> np.ndarray:
    """Return genes that share factors, plus noise, float32 [samples, genes]."""
    rng = np.random.default_rng(seed)
    weights = rng.standard_normal((FACTORS, genes), dtype=np.float32)
    X = rng.standard_normal((samples, FACTORS), dtype=np.float32) @ weights / np.float32(np.sqrt(FACTORS))
    for row in range(0, samples, 1000):
        block = X[row : row + 1000]
        block += rng.standard_normal(block.shape, dtype=np.float32)
    return X
