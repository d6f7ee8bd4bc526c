"""Quantile normalisation of a stored dataset of the paper's width: time, memory, agreement with qnorm in memory.

    python -m benchmarks.quantile [--samples 20000] [--in-memory 1000]

The dataset is read twice and the result written as a new dataset, in one process. Then the first samples are normalised
in memory by the package qnorm, onto the quantiles of all samples, and compared with what was stored.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
from qnorm import quantile_normalize

from benchmarks.measured import GENES, expression, forget_cached, in_a_child, need_disk, stored_dataset
from landmark.data.steps.normalise import PAPER_RANGE, quantile_normalise, stretched
from landmark.store.datasets import MATRIX, DatasetStore
from landmark.store.request import now
from landmark.store.workspace import Workspace


def normalised(home: str, dataset: str) -> str:
    store = DatasetStore(Workspace(Path(home)))
    stream = quantile_normalise(store.get(dataset).stream(), *PAPER_RANGE)
    return store.add(stream, now()).id


def plainly(home: Path, dataset: str) -> np.ndarray:
    """Average the sorted samples one by one, stretched to the paper's range: float64 [genes]."""
    stream = DatasetStore(Workspace(home)).get(dataset).stream()
    total = np.zeros(stream.genes)
    for block in stream.blocks():
        for sample in block:
            total += np.sort(sample)
    return stretched(total / stream.samples, *PAPER_RANGE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=20_000)
    parser.add_argument("--in-memory", type=int, default=1_000, help="samples compared with qnorm")
    chosen = parser.parse_args()
    gigabytes = 4 * chosen.samples * GENES / 1e9
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        need_disk(home, 2 * gigabytes + 1)
        dataset = stored_dataset(home, chosen.samples, expression(chosen.samples))
        forget_cached(home / "datasets" / dataset / MATRIX)
        found = in_a_child(normalised, str(home), dataset)
        print(
            f"Quantile normalisation of {chosen.samples:,} x {GENES:,} ({gigabytes:.2f} GB), stored to stored: "
            f"{found['seconds']:.1f} s, peak memory {found['peak_mb']:,.0f} MB"
        )
        store, some = DatasetStore(Workspace(home)), np.arange(min(chosen.in_memory, chosen.samples))
        before, after = (store.get(name).stream().rows(some) for name in (dataset, found["result"]))
        expected = quantile_normalize(before, axis=0, target=plainly(home, dataset))
        ties = 1 - np.mean([len(np.unique(row)) for row in before[:20]]) / GENES
        apart = np.abs(after - expected).max()
        print(
            f"  largest difference from qnorm in memory over {len(some):,} samples: {apart:.1e} "
            f"in values of {after.min():.1f} to {after.max():.1f}; {ties:.0%} of the values within a sample are tied"
        )


if __name__ == "__main__":
    main()
