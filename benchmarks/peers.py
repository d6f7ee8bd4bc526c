"""What the training benchmarks measure against, and how they take turns."""

import statistics
import time
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import torch

from landmark.training import steps
from landmark.training.data import Arrays, epoch_order
from landmark.training.mesh import put_tree, replicated, sample_mesh
from landmark.training.placement import Resident
from landmark.training.problem import Problem

SIDE = 4096
"""Side of the square matrices whose product sets the mark."""

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
        self.fixed = put_tree(problem.fixed, replicated(self.mesh))
        self.seconds(self.block.steps)

    def seconds(self, count: int) -> float:
        """Time a number of steps."""
        began = time.perf_counter()
        while count > 0:
            taken = min(count, self.block.steps)
            total = put_tree(np.float32(0), replicated(self.mesh))
            self.state, total = steps.train(
                self.problem, self.mesh, self.state, total, self.block.data, self.block.batches, 0, taken, 0,
                jax.random.key(1), self.fixed,
            )  # fmt: skip
            count -= taken
        total.block_until_ready()
        return time.perf_counter() - began


def torch_stepper(network, optimiser, loss, x, y, batch, penalty=None) -> Callable[[int], float]:
    """Plain eager PyTorch on data in memory: returns a function that times a number of steps.

    ``penalty`` takes nothing and returns what is added to the loss.
    """
    order = torch.randperm(len(x))

    def seconds(count: int) -> float:
        network.train()
        began = time.perf_counter()
        for step in range(count):
            rows = order[(step * batch) % len(x) :][:batch]
            optimiser.zero_grad()
            total = loss(network(x[rows]), y[rows])
            (total if penalty is None else total + penalty()).backward()
            optimiser.step()
        return time.perf_counter() - began

    seconds(2)
    return seconds


def compare(
    rounds: int, steps: int, batch: int, steppers: dict[str, Callable[[int], float]]
) -> dict[str, float]:
    """Measure the matrix product and each stepper in turn, several rounds; return median rates for ``table``."""
    found: dict[str, list[float]] = {name: [] for name in ("product", *steppers)}
    for _ in range(rounds):
        found["product"].append(matmul_rate())
        for name, seconds in steppers.items():
            found[name].append(steps * batch / seconds(steps))
    return {name: statistics.median(values) for name, values in found.items()}


def table(title: str, flop_per_sample: int, rates: dict[str, float]) -> None:
    """Print rates and ratios; the FLOP count holds only products that training needs.

    Parameters
    ----------
    title
        What was trained.
    flop_per_sample
        Of one training step.
    rates
        ``product`` in FLOP per second; ``landmark`` and every peer in samples per second.
    """
    product, ours = rates["product"], rates["landmark"]
    print(title)
    print(f"  {f'matrix product {SIDE} x {SIDE}, JAX':<38}{product / 1e9:19.1f} GFLOP/s")
    for name, rate in rates.items():
        if name != "product":
            print(f"  {name:<38}{rate:9.1f} samples/s{rate * flop_per_sample / 1e9:9.1f} GFLOP/s")
    print(f"  {'landmark / matrix product':<38}{ours * flop_per_sample / product:9.2f}")
    for name, rate in rates.items():
        if name not in ("product", "landmark"):
            highest = product / flop_per_sample / rate
            print(
                f"  {f'landmark / {name}':<38}{ours / rate:9.2f}   at the rate of the product {highest:.2f}"
            )
