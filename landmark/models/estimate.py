"""How fast this machine is: its matrix products, and one step of a training, measured in a few seconds."""

import time
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from landmark.models.autoencoder import AutoencoderProblem
from landmark.models.settings import AutoencoderConfiguration
from landmark.progress import silent
from landmark.training import steps
from landmark.training.data import Arrays
from landmark.training.mesh import put_tree, replicated, sample_mesh
from landmark.training.placement import Resident

PROCESSOR_SIDE, ACCELERATOR_SIDE = 2048, 8192
"""Sides of the square matrices whose product gives the rate: large enough for full speed, small enough for seconds."""

PRODUCTS = 3
"""Products that are timed, after one that also compiles; the fastest counts, as others may use the machine too."""

STRETCHES = 4
LEAST_SECONDS = 0.3
"""A step is timed by so many stretches of about so long; the fastest counts, as for products."""

MOST_STEPS = 64


def matrix_product_rate() -> float:
    """Measure the float32 matrix product of this process' devices together, in FLOP per second."""
    side = PROCESSOR_SIDE if jax.default_backend() == "cpu" else ACCELERATOR_SIDE
    product = jax.jit(jnp.matmul)
    a = jnp.ones((side, side), jnp.float32)
    product(a, a).block_until_ready()
    fastest = min(_seconds(lambda: product(a, a).block_until_ready()) for _ in range(PRODUCTS))
    # Devices simulated on processors share these; accelerators each have their own.
    devices = 1 if jax.default_backend() == "cpu" else jax.local_device_count()
    return devices * 2 * side**3 / fastest


def host_product_rate() -> float:
    """Measure NumPy's float32 matrix product, in FLOP per second."""
    a = np.ones((PROCESSOR_SIDE, PROCESSOR_SIDE), np.float32)
    return 2 * PROCESSOR_SIDE**3 / min(_seconds(lambda: a @ a) for _ in range(PRODUCTS))


def device_memory() -> int | None:
    """Return the memory of one accelerator, in bytes; None where the processors train."""
    statistics = jax.local_devices()[0].memory_stats()
    return int(statistics["bytes_limit"]) if statistics and "bytes_limit" in statistics else None


def step_seconds(configuration: AutoencoderConfiguration, genes: int) -> float:
    """Measure one training step of an autoencoder on random samples."""
    problem, mesh, batch = AutoencoderProblem(configuration, genes), sample_mesh(), configuration.batch_size
    X = np.random.default_rng(0).standard_normal((batch, genes), dtype=np.float32)
    placement = Resident(Arrays((X,)), batch, mesh, silent)
    (block,) = placement.blocks(np.tile(np.arange(batch, dtype=np.int32), MOST_STEPS))
    state, key = steps.start(problem, mesh, jax.random.key(0)), jax.random.key(0)

    def timed(count: int) -> float:
        nonlocal state
        total = put_tree(np.float32(0), replicated(mesh))
        began = time.perf_counter()
        state, total = steps.train(problem, mesh, state, total, block.data, block.batches, 0, count, 0, key)
        total.block_until_ready()
        return (time.perf_counter() - began) / count

    timed(1)  # also compiles
    count = min(MOST_STEPS, 1 + int(LEAST_SECONDS / timed(1)))
    return min(timed(count) for _ in range(STRETCHES))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
