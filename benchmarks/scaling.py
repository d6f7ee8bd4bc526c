"""How the cost of training grows with samples and with genes.

    python -m benchmarks.scaling [--samples 1000 5000 20000] [--genes 2000 10000 22268]

Trains the paper's autoencoder (batch 200, data in memory) on every number of samples and of genes, and shows the
fastest epoch after the first, which also compiles. Small sizes carry what every step costs whatever its size; so
growth is judged beyond the smallest: a second table divides every time by what proportional growth from the second
size of each list would give. 1.00 is exactly proportional, samples and genes together. There, times are reckoned in
matrix products timed right after each, because the speed of a shared machine may change meanwhile.
"""

import argparse

import numpy as np

from benchmarks.peers import matmul_rate
from landmark.models.autoencoder import AutoencoderProblem
from landmark.models.settings import AutoencoderConfiguration
from landmark.progress import Progress
from landmark.training.data import Arrays
from landmark.training.fit import fit

BATCH = 200
TIMED = 10_000
"""Samples that are timed at least, so that short epochs are repeated."""


def epoch_seconds(X: np.ndarray) -> float:
    """Time the fastest epoch on samples [samples, genes]."""
    samples, genes = X.shape
    configuration = AutoencoderConfiguration(batch_size=BATCH, epochs=1 + max(1, TIMED // samples))
    rates: list[float] = []

    def after_epoch(progress: Progress) -> None:
        if "train_loss" in progress.values:
            rates.append(progress.values["samples_per_second"])

    problem = AutoencoderProblem(configuration, genes)
    fit(problem, Arrays((X,)), Arrays((X[:1],)), report=after_epoch, resident=True)
    return samples / max(rates[1:])


def table(title: str, values: np.ndarray, samples: list[int], genes: list[int]) -> None:
    print(title)
    print(f"{'samples':>10}" + "".join(f"{f'{count:,} genes':>15}" for count in genes))
    for count, row in zip(samples, values, strict=True):
        print(f"{count:>10,}" + "".join(f"{value:>15.2f}" for value in row))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--samples", type=int, nargs="+", default=[1_000, 5_000, 20_000])
    parser.add_argument("--genes", type=int, nargs="+", default=[2_000, 10_000, 22_268])
    chosen = parser.parse_args()
    samples, genes = sorted(chosen.samples), sorted(chosen.genes)
    X = np.random.default_rng(0).standard_normal((samples[-1], genes[-1]), dtype=np.float32)
    cells = [[(epoch_seconds(X[:rows, :columns]), matmul_rate()) for columns in genes] for rows in samples]
    seconds, rate = np.moveaxis(np.array(cells), -1, 0)
    size = np.outer(samples, genes)
    second = (min(1, len(samples) - 1), min(1, len(genes) - 1))
    relative = seconds * rate / size / (seconds * rate / size)[second]
    beyond = relative[second[0] :, second[1] :]
    table("Seconds per epoch", seconds, samples, genes)
    table("Relative to proportional growth from the second size", relative, samples, genes)
    print(f"Beyond the smallest between {beyond.min():.2f} and {beyond.max():.2f}")


if __name__ == "__main__":
    main()
