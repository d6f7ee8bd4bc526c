"""Speed of training the autoencoder, beside this machine's matrix products and PyTorch, in one run.

    python -m benchmarks.train [--genes 22268] [--batch 200] [--steps 20] [--rounds 5]

One round measures each of the three in turn; the table shows medians, so that other work on the machine
strikes all alike. Both networks train on the same random data with Adam, dropout and the squared-weights
penalty (PyTorch's through its cheaper ``weight_decay``).
"""

import argparse

import numpy as np
import torch

from benchmarks.peers import Engine, alternate, matmul_rate, median, table, torch_stepper
from landmark.training.autoencoder_problem import ADAM_EPSILON, AutoencoderProblem
from landmark.training.configuration import AutoencoderConfiguration
from landmark.training.size import autoencoder_size


def pytorch(configuration: AutoencoderConfiguration, X: np.ndarray):
    genes, hidden, bottleneck = X.shape[1], configuration.hidden, configuration.bottleneck
    layers = []
    for inputs, outputs in ((genes, hidden), (hidden, bottleneck), (bottleneck, hidden)):
        layers += [
            torch.nn.Linear(inputs, outputs),
            torch.nn.Sigmoid(),
            torch.nn.Dropout(configuration.dropout),
        ]
    network = torch.nn.Sequential(*layers, torch.nn.Linear(hidden, genes))
    adam = torch.optim.Adam(
        network.parameters(),
        configuration.learning_rate,
        eps=ADAM_EPSILON,
        weight_decay=2 * configuration.l2,
    )
    data = torch.from_numpy(X)
    return torch_stepper(network, adam, torch.nn.L1Loss(), data, data, configuration.batch_size)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--genes", type=int, default=22_268)
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    configuration = AutoencoderConfiguration(batch_size=chosen.batch)
    samples = 5 * chosen.batch
    X = np.random.default_rng(0).standard_normal((samples, chosen.genes), dtype=np.float32)
    ours = Engine(AutoencoderProblem(configuration, chosen.genes), (X,), chosen.batch)
    theirs = pytorch(configuration, X)
    runs = alternate(
        chosen.rounds,
        {
            "matmul": matmul_rate,
            "landmark": lambda: chosen.steps * chosen.batch / ours.seconds(chosen.steps),
            "pytorch": lambda: chosen.steps * chosen.batch / theirs(chosen.steps),
        },
    )
    flop = autoencoder_size(configuration, chosen.genes).flop_per_sample
    table(
        f"Autoencoder {chosen.genes}-500-100-500-{chosen.genes}, batch {chosen.batch}, float32",
        flop,
        *(median(runs[name]) for name in ("matmul", "landmark", "pytorch")),
    )


if __name__ == "__main__":
    main()
