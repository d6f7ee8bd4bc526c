"""Time and memory of choosing genes one by one at the size of the paper's data.

    python -m benchmarks.selection [--samples 20000] [--genes 22268] [--size 943]

The expression is made of 200 hidden factors and noise; half of what is to be explained are the measured values, half
a reconstruction in 500 dimensions, as an autoencoder's last layer gives it.
"""

import argparse
import resource
import time

import numpy as np

from landmark.genesets.selection import responses
from landmark.genesets.selection.forward import Forward
from landmark.genesets.selection.panel import Panel

FACTORS, UNITS = 200, 500
BLOCK = 1000


def expression(samples: int, genes: int) -> np.ndarray:
    random = np.random.default_rng(0)
    loadings = random.standard_normal((FACTORS, genes), dtype=np.float32) / np.float32(np.sqrt(FACTORS))
    X = np.empty((samples, genes), np.float32)
    for first in range(0, samples, BLOCK):
        rows = X[first : first + BLOCK]
        np.matmul(random.standard_normal((len(rows), FACTORS), dtype=np.float32), loadings, out=rows)
        rows += random.standard_normal(rows.shape, dtype=np.float32)
    X -= X.mean(axis=0)
    X /= X.std(axis=0)
    return X


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=20_000)
    parser.add_argument("--genes", type=int, default=22_268)
    parser.add_argument("--size", type=int, default=943)
    chosen = parser.parse_args()
    X = expression(chosen.samples, chosen.genes)
    random = np.random.default_rng(1)
    kernel = random.standard_normal((UNITS, chosen.genes), dtype=np.float32)
    hidden = X @ kernel.T / np.float32(chosen.genes)
    began = time.perf_counter()
    response = responses.blended(
        [responses.reconstruction(hidden, kernel), responses.measured(X)], [0.5, 0.5]
    )
    prepared = time.perf_counter()
    Forward(response, penalty=2.0 * chosen.samples)(X, Panel(chosen.size))
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{chosen.size:,} of {chosen.genes:,} genes from {chosen.samples:,} samples")
    print(f"  what to explain, {response.shape[1]:,} dimensions   {prepared - began:7.1f} s")
    print(f"  choosing                              {ended - prepared:7.1f} s")
    print(f"  peak memory, data included            {peak:7.2f} GB")


if __name__ == "__main__":
    main()
