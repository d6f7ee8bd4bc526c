"""Speed of training the autoencoder, beside this machine's matrix products and PyTorch, in one run.

    python -m benchmarks.train [--genes 22268] [--batch 200] [--steps 20] [--rounds 5]

One round measures each in turn; the table shows medians, so that other work on the machine strikes all alike. All
networks train on the same random data with Adam, dropout and the squared-weights penalty. PyTorch takes the penalty
in two ways: written in the loss, as the paper states it and as Keras' regularisers do it, and through Adam's
``weight_decay``, which gives the same gradient for less work (biases are penalised too).

Beside each ratio stands the one that training at the full rate of the matrix product would have: no training in
float32 can be expected to pass that by much on this machine.
"""

import argparse

import numpy as np
import torch

from benchmarks.peers import Engine, compare, table, torch_stepper
from landmark.models.autoencoder import ADAM_EPSILON, AutoencoderProblem
from landmark.models.settings import AutoencoderConfiguration
from landmark.models.size import autoencoder_size


def pytorch(configuration: AutoencoderConfiguration, X: np.ndarray, penalty_in_loss: bool):
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
        weight_decay=0 if penalty_in_loss else 2 * configuration.l2,
    )
    weights = [layer.weight for layer in network if isinstance(layer, torch.nn.Linear)]

    def penalty() -> torch.Tensor:
        return configuration.l2 * sum(weight.square().sum() for weight in weights)

    data = torch.from_numpy(X)
    return torch_stepper(
        network,
        adam,
        torch.nn.L1Loss(),
        data,
        data,
        configuration.batch_size,
        penalty if penalty_in_loss else None,
    )


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
    steppers = {
        "landmark": ours.seconds,
        "PyTorch, penalty in the loss": pytorch(configuration, X, True),
        "PyTorch, weight_decay": pytorch(configuration, X, False),
    }
    table(
        f"Autoencoder {chosen.genes}-500-100-500-{chosen.genes}, batch {chosen.batch}, float32",
        autoencoder_size(configuration, chosen.genes).flop_per_sample,
        compare(chosen.rounds, chosen.steps, chosen.batch, steppers),
    )


if __name__ == "__main__":
    main()
