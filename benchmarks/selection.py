"""Time and memory of choosing genes one by one at the size of the paper's data.

    python -m benchmarks.selection [--samples 20000] [--genes 22268] [--size 943]
    python -m benchmarks.selection --concrete [--samples 1000] [--genes 2000] [--size 50]

The expression is made of 200 hidden factors and noise; half of what is to be explained are the measured values, half
a reconstruction in 500 dimensions, as an autoencoder's last layer gives it. With --concrete the concrete autoencoder
chooses.
"""

import argparse
import resource
import time

import numpy as np

from landmark.genesets import forward
from landmark.genesets.forward import Forward
from landmark.genesets.selection import Concrete, Panel
from landmark.models.settings import ConcreteConfiguration
from landmark.workflows.strategies import best_penalty

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
    parser.add_argument("--concrete", action="store_true")
    parser.add_argument("--samples", type=int)
    parser.add_argument("--genes", type=int)
    parser.add_argument("--size", type=int)
    chosen = parser.parse_args()
    usual = (1000, 2000, 50) if chosen.concrete else (20_000, 22_268, 943)
    asked = (chosen.samples, chosen.genes, chosen.size)
    samples, genes, size = (own or other for own, other in zip(asked, usual, strict=True))
    X = expression(samples, genes)
    print(f"{size:,} of {genes:,} genes from {samples:,} samples")
    if chosen.concrete:
        by_network(X, size)
    else:
        one_by_one(X, size)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"  peak memory, data included            {peak:7.2f} GB")


def one_by_one(X: np.ndarray, size: int) -> None:
    random = np.random.default_rng(1)
    kernel = random.standard_normal((UNITS, X.shape[1]), dtype=np.float32)
    hidden = X @ kernel.T / np.float32(X.shape[1])
    began = time.perf_counter()
    response = forward.blended([forward.reconstruction(hidden, kernel), forward.measured(X)], [0.5, 0.5])
    prepared = time.perf_counter()
    penalty = best_penalty(X, response, Panel(size), seed=0)
    found = time.perf_counter()
    Forward(response, penalty * len(X))(X, Panel(size))
    ended = time.perf_counter()
    print(f"  what to explain, {response.shape[1]:,} dimensions   {prepared - began:7.1f} s")
    print(f"  finding the penalty ({penalty:g} per sample)   {found - prepared:7.1f} s")
    print(f"  choosing                              {ended - found:7.1f} s")


def by_network(X: np.ndarray, size: int) -> None:
    configuration = ConcreteConfiguration()
    began = time.perf_counter()
    found = Concrete(configuration)(X, Panel(size))
    took = time.perf_counter() - began
    print(f"  concrete autoencoder, {configuration.epochs} epochs      {took:7.1f} s")
    print(f"  sureness of its neurons, mean         {found.details['sureness']:7.3f}")
    print(f"  genes wanted by more than one         {found.details['wanted_twice']:7.0f}")


if __name__ == "__main__":
    main()
