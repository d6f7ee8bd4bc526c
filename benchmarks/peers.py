"""What the training benchmarks measure against, and how they take turns."""

import statistics
import time
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import torch

from landmark.training import steps
from landmark.training.devices import put_tree, replicated, sample_mesh
from landmark.training.order import epoch_order
from landmark.training.placement import Resident
from landmark.training.problem import Problem
from landmark.training.source import Arrays

SIDE = 4096
"""Side of the square matrices whose product sets the mark."""

Rate = Callable[[], float]

_product = jax.jit(jnp.matmul)


def matmul_rate() -> float:
    """FLOP per second of JAX's own float32 product of two square matrices."""
    a = jnp.ones((SIDE, SIDE))
    _product(a, a).block_until_ready()
    began = time.perf_counter()
    for _ in range(3):
        _product(a, a).block_until_ready()
    return 3 * 2 * SIDE**3 / (time.perf_counter() - began)


class Engine:
    """The project's own training steps on resident data."""

    def __init__(self, problem: Problem, arrays: tuple[np.ndarray, ...], batch: int) -> None:
        self.problem, self.mesh = problem, sample_mesh()
        placement = Resident(Arrays(arrays), batch, self.mesh, lambda progress: None)
        (self.block,) = placement.blocks(epoch_order(len(arrays[0]), batch, 0, 1))
        self.state = steps.start(problem, self.mesh, jax.random.key(0))
        self.seconds(self.block.steps)

    def seconds(self, count: int) -> float:
        """Time a number of steps."""
        began = time.perf_counter()
        while count > 0:
            taken = min(count, self.block.steps)
            total = put_tree(np.float32(0), replicated(self.mesh))
            self.state, total = steps.train(
                self.problem, self.mesh, self.state, total, self.block.data, self.block.batches, 0, taken, 0,
                jax.random.key(1),
            )  # fmt: skip
            count -= taken
        total.block_until_ready()
        return time.perf_counter() - began


def torch_stepper(network, optimiser, loss, x, y, batch) -> Callable[[int], float]:
    """Plain eager PyTorch on data in memory: returns a function that times a number of steps."""
    order = torch.randperm(len(x))

    def seconds(count: int) -> float:
        network.train()
        began = time.perf_counter()
        for step in range(count):
            rows = order[(step * batch) % len(x) :][:batch]
            optimiser.zero_grad()
            loss(network(x[rows]), y[rows]).backward()
            optimiser.step()
        return time.perf_counter() - began

    seconds(2)
    return seconds


def alternate(rounds: int, measurements: dict[str, Rate]) -> dict[str, list[float]]:
    """Take each measurement in turn, several rounds."""
    results: dict[str, list[float]] = {name: [] for name in measurements}
    for _ in range(rounds):
        for name, measure in measurements.items():
            results[name].append(measure())
    return results


def median(values: list[float]) -> float:
    return statistics.median(values)


def table(title: str, flop_per_sample: int, matmul: float, ours: float, theirs: float) -> None:
    """Print rates and ratios; the FLOP count holds only products that training needs."""
    print(title)
    print(f"  matrix product {SIDE} x {SIDE}, JAX       {matmul / 1e9:8.1f} GFLOP/s")
    print(f"  landmark   {ours:9.1f} samples/s        {ours * flop_per_sample / 1e9:8.1f} GFLOP/s")
    print(f"  PyTorch    {theirs:9.1f} samples/s        {theirs * flop_per_sample / 1e9:8.1f} GFLOP/s")
    print(f"  landmark / matrix product             {ours * flop_per_sample / matmul:8.2f}")
    print(f"  landmark / PyTorch                    {ours / theirs:8.2f}")
