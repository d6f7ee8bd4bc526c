"""Speed of training D-GEX, beside this machine's matrix products and PyTorch, in one run.

    python -m benchmarks.dgex [--landmarks 943] [--targets 9520] [--units 3000] [--steps 6] [--rounds 5]

Measured as in ``benchmarks.train``. PyTorch's gradient descent has no factor per layer here and so does less.
"""

import argparse

import numpy as np
import torch

from benchmarks.peers import Engine, compare, table, torch_stepper
from landmark.models.dgex import DgexProblem
from landmark.models.settings import DgexConfiguration
from landmark.models.size import dgex_size


def pytorch(configuration: DgexConfiguration, x: np.ndarray, y: np.ndarray):
    layers, width = [], x.shape[1]
    for _ in range(configuration.layers):
        layers += [torch.nn.Linear(width, configuration.units), torch.nn.Tanh()]
        layers += [torch.nn.Dropout(configuration.dropout)]
        width = configuration.units
    network = torch.nn.Sequential(*layers, torch.nn.Linear(width, y.shape[1]))
    descent = torch.optim.SGD(network.parameters(), 1e-7, momentum=configuration.momentum)
    loss = torch.nn.MSELoss(reduction="sum")
    return torch_stepper(
        network, descent, loss, torch.from_numpy(x), torch.from_numpy(y), configuration.batch_size
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--landmarks", type=int, default=943)
    parser.add_argument("--targets", type=int, default=9520)
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--units", type=int, default=3000)
    parser.add_argument("--steps", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    configuration = DgexConfiguration(layers=chosen.layers, units=chosen.units)
    batch = configuration.batch_size
    random = np.random.default_rng(0)
    x = random.standard_normal((5 * batch, chosen.landmarks), dtype=np.float32)
    y = random.standard_normal((5 * batch, chosen.targets), dtype=np.float32)
    ours = Engine(DgexProblem(configuration, chosen.landmarks, chosen.targets), (x, y), batch)
    steppers = {"landmark": ours.seconds, "PyTorch": pytorch(configuration, x, y)}
    table(
        f"D-GEX {chosen.landmarks}-{chosen.units} x {chosen.layers}-{chosen.targets}, batch {batch}, float32",
        dgex_size(configuration, chosen.landmarks, chosen.targets).flop_per_sample,
        compare(chosen.rounds, chosen.steps, batch, steppers),
    )


if __name__ == "__main__":
    main()
