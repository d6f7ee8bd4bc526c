"""Simulated expression: a matrix, or a large dataset on disk, written as an import writes one, block by block."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.data.history import KEY
from landmark.data.split import COLUMN
from landmark.data.steps.stream import Stream, rows_at_once

FACTORS = 50
"""Common factors behind the genes, so that there is something to learn."""


def factor_expression(samples: int, genes: int, seed: int = 0) -> np.ndarray:
    """Return genes that share factors, plus noise, float32 [samples, genes]."""
    rng = np.random.default_rng(seed)
    weights = rng.standard_normal((FACTORS, genes), dtype=np.float32)
    X = rng.standard_normal((samples, FACTORS), dtype=np.float32) @ weights / np.float32(np.sqrt(FACTORS))
    for row in range(0, samples, 1000):
        block = X[row : row + 1000]
        block += rng.standard_normal(block.shape, dtype=np.float32)
    return X


GROUPS = 8
"""Groups of simulated samples, which differ in their factors."""


def simulated_dataset(samples: int, genes: int, seed: int = 0) -> Stream:
    """Make log-like values [samples, genes] of a dataset block by block: samples of groups, a fifth for testing."""
    random = np.random.default_rng([seed, 0])
    loadings = random.standard_normal((FACTORS, genes), dtype=np.float32)
    centres = random.standard_normal((GROUPS, FACTORS), dtype=np.float32)
    height = rows_at_once(genes)

    def block(first: int) -> np.ndarray:
        random = np.random.default_rng([seed, 1, first])
        count = min(height, samples - first)
        factors = random.standard_normal((count, FACTORS), dtype=np.float32)
        factors += centres[np.arange(first, first + count) % GROUPS]
        noise = random.standard_normal((count, genes), dtype=np.float32)
        return 8 + 0.2 * factors @ loadings + 0.5 * noise

    def blocks() -> Iterator[np.ndarray]:
        return (block(first) for first in range(0, samples, height))

    def rows(positions: np.ndarray) -> np.ndarray:
        return np.stack([block(row - row % height)[row % height] for row in positions])

    test = np.random.default_rng([seed, 2]).random(samples) < 0.2
    obs = pd.DataFrame(
        {
            COLUMN: np.where(test, "test", "train"),
            "group": [f"group {row % GROUPS + 1}" for row in range(samples)],
        },
        index=[f"S{row}" for row in range(samples)],
    )
    var = pd.DataFrame(index=[f"G{column}" for column in range(genes)])
    uns = {
        KEY: {"title": "Simulated", "source": "simulated", "unit": "", "identifier": "unknown", "history": []}
    }
    return Stream(AnnData(obs=obs, var=var, uns=uns), blocks, rows)
