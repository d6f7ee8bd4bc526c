"""What a training will cost on this machine, measured in a few seconds before it starts."""

import time
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from landmark.progress import silent
from landmark.training import checkpoint, steps
from landmark.training.autoencoder_problem import AutoencoderProblem
from landmark.training.configuration import AutoencoderConfiguration, DgexConfiguration
from landmark.training.devices import put_tree, replicated, sample_mesh
from landmark.training.dgex_problem import DgexProblem
from landmark.training.placement import Resident
from landmark.training.problem import Problem
from landmark.training.size import FLOAT32, Size, autoencoder_size, dgex_size, training_bytes
from landmark.training.source import Arrays

SIDE = 2048
"""Side of the square matrices whose product gives the machine's rate."""

STEPS = 3
"""Training steps that are timed, after one that also compiles."""

OVERHEAD = 10.0
"""Seconds for compiling, reading and writing, about."""


@dataclass(frozen=True)
class Estimate:
    """Expected cost of a training.

    Attributes
    ----------
    seconds
        Time to the end of the last epoch.
    samples_per_second
        Speed of training steps.
    memory_bytes
        Memory of a device: weights, optimiser, one batch, and the data where they stay there.
    disk_bytes
        Checkpoints while training runs and the trained network.
    matrix_product_rate
        FLOP per second of this machine's float32 matrix product, as a mark for its speed.
    share_of_rate
        The training's share of that rate.
    """

    seconds: float
    samples_per_second: float
    memory_bytes: int
    disk_bytes: int
    matrix_product_rate: float
    share_of_rate: float


def estimate_autoencoder(
    configuration: AutoencoderConfiguration, samples: int, genes: int, validation: int = 0
) -> Estimate:
    """Estimate the training of an autoencoder for numbers of training samples, genes, validation samples."""
    problem, size = AutoencoderProblem(configuration, genes), autoencoder_size(configuration, genes)
    return _estimate(configuration, problem, size, (genes,), samples, validation)


def estimate_dgex(
    configuration: DgexConfiguration, samples: int, landmarks: int, targets: int, validation: int = 0
) -> Estimate:
    """Estimate the training of D-GEX for numbers of training samples, genes, validation samples."""
    problem, size = (
        DgexProblem(configuration, landmarks, targets),
        dgex_size(configuration, landmarks, targets),
    )
    watched = min(configuration.monitored, samples)
    return _estimate(configuration, problem, size, (landmarks, targets), samples, validation + watched)


def _estimate(
    configuration: AutoencoderConfiguration | DgexConfiguration,
    problem: Problem,
    size: Size,
    widths: tuple[int, ...],
    samples: int,
    evaluated: int,
) -> Estimate:
    rate = matrix_product_rate()
    step = step_seconds(problem, widths, configuration.batch_size)
    epoch = step * -(-samples // configuration.batch_size)
    # An evaluation takes the forward third of a step's arithmetic.
    epoch += step * evaluated / configuration.batch_size / 3
    needed = training_bytes(configuration, size, samples)
    copies = (3 if isinstance(configuration, AutoencoderConfiguration) else 2) + (
        configuration.keep == "best"
    )
    data = FLOAT32 * (samples + evaluated) * sum(widths)
    return Estimate(
        seconds=OVERHEAD + configuration.epochs * epoch,
        samples_per_second=configuration.batch_size / step,
        memory_bytes=needed + data,
        disk_bytes=FLOAT32 * size.weights * (checkpoint.KEPT * copies + 1),
        matrix_product_rate=rate,
        share_of_rate=size.flop_per_sample * configuration.batch_size / step / rate,
    )


def matrix_product_rate() -> float:
    """Measure the float32 matrix product of this machine's device, in FLOP per second."""
    product = jax.jit(jnp.matmul)
    a = jnp.ones((SIDE, SIDE), jnp.float32)
    product(a, a).block_until_ready()
    began = time.perf_counter()
    for _ in range(STEPS):
        product(a, a).block_until_ready()
    return STEPS * 2 * SIDE**3 / (time.perf_counter() - began)


def step_seconds(problem: Problem, widths: tuple[int, ...], batch_size: int) -> float:
    """Measure one training step on random samples."""
    mesh = sample_mesh()
    random = np.random.default_rng(0)
    arrays = tuple(random.standard_normal((batch_size, width), dtype=np.float32) for width in widths)
    placement = Resident(Arrays(arrays), batch_size, mesh, silent)
    (block,) = placement.blocks(np.tile(np.arange(batch_size, dtype=np.int32), STEPS))
    state = steps.start(problem, mesh, jax.random.key(0))
    began = 0.0
    for count in (1, STEPS):
        began = time.perf_counter()
        total = put_tree(np.float32(0), replicated(mesh))
        state, total = steps.train(
            problem, mesh, state, total, block.data, block.batches, 0, count, 0, jax.random.key(0)
        )
        total.block_until_ready()
    return (time.perf_counter() - began) / STEPS
