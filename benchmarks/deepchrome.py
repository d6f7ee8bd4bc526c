"""Seconds per epoch of DeepChrome on one cell type, beside PyTorch in the same run.

    python -m benchmarks.deepchrome [--genes 6600] [--batches 1 32] [--rounds 3] [--threads 1]

Both take turns over the same genes, with dropout; an epoch is the median over the rounds. Ours are the steps of the
training engine as the verb runs them; PyTorch is eager, with its own convolution and the data in memory. It runs on one
thread by default, its best case: steps are so small that its threads wait for each other longer than they work.
"""

import argparse
import statistics

import numpy as np
import torch

from benchmarks.peers import Engine, torch_stepper
from landmark.epigenome.network import DeepchromeProblem
from landmark.models.settings import DeepchromeTraining

LIMIT = 10.0
"""Seconds that an epoch of 6,600 genes may take on two cores."""


def pytorch(configuration: DeepchromeTraining, reads: np.ndarray, labels: np.ndarray):
    network = torch.nn.Sequential(
        torch.nn.Conv1d(5, 50, 10),
        torch.nn.ReLU(),
        torch.nn.MaxPool1d(5),
        torch.nn.Flatten(),
        torch.nn.Dropout(configuration.dropout),
        torch.nn.Linear(900, 625),
        torch.nn.ReLU(),
        torch.nn.Linear(625, 125),
        torch.nn.ReLU(),
        torch.nn.Linear(125, 2),
        torch.nn.LogSoftmax(dim=1),
    )
    descent = torch.optim.SGD(network.parameters(), configuration.step_size)
    x = torch.from_numpy(reads.reshape(-1, 100, 5)).transpose(1, 2).contiguous()
    y = torch.from_numpy(labels[:, 0]).long()
    return torch_stepper(network, descent, torch.nn.NLLLoss(), x, y, configuration.batch_size)


def measure(genes: int, batch: int, rounds: int) -> None:
    """Print the seconds of an epoch, ours and PyTorch's."""
    random = np.random.default_rng(0)
    reads = random.poisson(3, (genes, 500)).astype(np.float32)
    labels = random.integers(0, 2, (genes, 1)).astype(np.float32)
    configuration = DeepchromeTraining(batch_size=batch)
    steps = -(-genes // batch)
    ours = Engine(DeepchromeProblem(configuration), (reads, labels), batch)
    steppers = {"landmark": ours.seconds, "PyTorch": pytorch(configuration, reads, labels)}
    found: dict[str, list[float]] = {name: [] for name in steppers}
    for _ in range(rounds):
        for name, seconds in steppers.items():
            found[name].append(seconds(steps))
    mine, theirs = (statistics.median(found[name]) for name in ("landmark", "PyTorch"))
    print(
        f"batch {batch:4}: landmark {mine:6.2f} s per epoch of {genes:,} genes, PyTorch {theirs:6.2f} s, "
        f"PyTorch / landmark {theirs / mine:.2f}; limit {LIMIT:.0f} s: {'held' if mine < LIMIT else 'missed'}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--genes", type=int, default=6600)
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 32])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1, help="threads of PyTorch")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    for batch in chosen.batches:
        measure(chosen.genes, batch, chosen.rounds)


if __name__ == "__main__":
    main()
