"""A large simulated dataset on disk, written as an import writes one, a block of samples at a time."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from landmark.data.history import KEY
from landmark.data.steps.stream import Stream, rows_at_once, without_values, write_stored

FACTORS = 50
"""Common factors behind the genes, so that there is something to learn."""


def write_dataset(path: Path, samples: int, genes: int, seed: int = 0) -> None:
    """Write log-like values [samples, genes] as a dataset's file."""
    loadings = np.random.default_rng([seed, 0]).standard_normal((FACTORS, genes), dtype=np.float32)
    height = rows_at_once(genes)

    def block(first: int) -> np.ndarray:
        random = np.random.default_rng([seed, 1, first])
        count = min(height, samples - first)
        factors = random.standard_normal((count, FACTORS), dtype=np.float32)
        noise = random.standard_normal((count, genes), dtype=np.float32)
        return 8 + 0.2 * factors @ loadings + 0.5 * noise

    def blocks() -> Iterator[np.ndarray]:
        return (block(first) for first in range(0, samples, height))

    def rows(positions: np.ndarray) -> np.ndarray:
        return np.stack([block(row - row % height)[row % height] for row in positions])

    obs = pd.DataFrame(index=[f"S{row}" for row in range(samples)])
    var = pd.DataFrame(index=[f"G{column}" for column in range(genes)])
    uns = {
        KEY: {"title": "Simulated", "source": "simulated", "unit": "", "identifier": "unknown", "history": []}
    }
    write_stored(Stream(without_values(obs, var, uns), blocks, rows), path)
