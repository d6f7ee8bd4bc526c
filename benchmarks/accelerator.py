"""The paper's full run on this machine's devices: 99,909 x 22,268, 100 epochs, then the ranking on 11,100 samples.

    python -m benchmarks.accelerator [--samples 99909] [--test-samples 11100] [--genes 22268] [--epochs 100]

Samples are simulated on the device. Training goes through ``fit`` as in the dashboard, with validation on the test
samples after every epoch, once in float32 and once with bfloat16 matrix products; the time is that of all epochs, from
the first, which also compiles, to the last. The result is written to ``benchmarks/results/<device>.md``.

With small numbers it runs anywhere:

    python -m benchmarks.accelerator --samples 400 --test-samples 100 --genes 300 --epochs 2 --results /tmp
"""

import argparse
import functools
import time
from dataclasses import dataclass
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from landmark.attribution.importance import DenseEncoder, importance
from landmark.models.autoencoder import AutoencoderProblem
from landmark.models.dense import Precision
from landmark.models.settings import AutoencoderConfiguration
from landmark.models.size import autoencoder_size
from landmark.training.data import portions
from landmark.training.fit import fit
from landmark.training.mesh import device_name, sample_mesh
from landmark.training.trained import Trained

RESULTS = Path(__file__).parent / "results"
FACTORS = 50
"""Common factors behind the genes, so that there is something to learn."""


def matrix_product_rate() -> float:
    """Measure the float32 matrix product of all devices together, in FLOP per second: the fastest of three."""
    side = 2048 if jax.default_backend() == "cpu" else 8192  # large enough for full speed
    product, a = jax.jit(jnp.matmul), jnp.ones((side, side), jnp.float32)
    product(a, a).block_until_ready()  # compiles
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        product(a, a).block_until_ready()
        seconds.append(time.perf_counter() - began)
    # Devices simulated on processors share these; accelerators each have their own.
    devices = 1 if jax.default_backend() == "cpu" else jax.local_device_count()
    return devices * 2 * side**3 / min(seconds)


@dataclass(frozen=True)
class Simulated:
    """A source of standardised samples that are made where they are read; row i is always the same."""

    samples: int
    genes: int
    first: int = 0

    @property
    def widths(self) -> tuple[int, ...]:
        return (self.genes,)

    def read(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        return (np.array(_simulate(self.genes, jnp.asarray(rows + self.first))),)


@functools.partial(jax.jit, static_argnums=0)
def _simulate(genes: int, rows: jax.Array) -> jax.Array:
    pattern, key = jax.random.split(jax.random.key(0))
    loadings = jax.random.normal(pattern, (FACTORS, genes)) / FACTORS**0.5

    def one(row: jax.Array) -> jax.Array:
        factors, noise = jax.random.split(jax.random.fold_in(key, row))
        shared = jax.random.normal(factors, (FACTORS,)) @ loadings
        return 0.8 * shared + 0.6 * jax.random.normal(noise, (genes,))

    return jax.vmap(one)(rows)


def train(chosen: argparse.Namespace, precision: Precision) -> Trained[AutoencoderProblem]:
    configuration = AutoencoderConfiguration(
        batch_size=chosen.batch, epochs=chosen.epochs, precision=precision
    )
    return fit(
        AutoencoderProblem(configuration, chosen.genes),
        Simulated(chosen.samples, chosen.genes),
        Simulated(chosen.test_samples, chosen.genes, first=chosen.samples),
        resident=True,
    )


def ranking_seconds(chosen: argparse.Namespace, fitted: Trained[AutoencoderProblem]) -> float:
    """Time mean |contributions| of all genes to all units, over the test samples."""
    layers = (fitted.parameters["encoder"], fitted.parameters["bottleneck"])
    encoder = DenseEncoder(
        tuple(layer["kernel"] for layer in layers), tuple(layer["bias"] for layer in layers), ("sigmoid",) * 2
    )
    test = Simulated(chosen.test_samples, chosen.genes, first=chosen.samples)
    X = np.concatenate([test.read(rows)[0] for rows in portions(test.samples)])
    reference, mesh = np.zeros(chosen.genes, np.float32), sample_mesh()
    importance(encoder, X[:1], reference, mesh=mesh)  # compiles
    began = time.perf_counter()
    importance(encoder, X, reference, mesh=mesh)
    return time.perf_counter() - began


def training_row(
    chosen: argparse.Namespace, fitted: Trained[AutoencoderProblem], precision: str, rate: float
) -> str:
    """One row of the table: seconds of all epochs, samples per second of the usual epoch, share of the rate."""
    seconds, last = fitted.history["seconds"], fitted.history.iloc[-1]
    speed = chosen.samples / seconds.median()
    size = autoencoder_size(AutoencoderConfiguration(), chosen.genes)
    share = speed * size.flop_per_sample / rate
    return (
        f"| {precision} | {seconds.sum():,.1f} | {seconds.iloc[0]:.2f} | {seconds.median():.3f} | {speed:,.0f} "
        f"| {share:.1%} | {last['train_loss']:.4f} | {last['validation_loss']:.4f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--samples", type=int, default=99_909)
    parser.add_argument("--test-samples", type=int, default=11_100)
    parser.add_argument("--genes", type=int, default=22_268)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--results", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    rate = matrix_product_rate()
    fitted = {precision: train(chosen, precision) for precision in ("float32", "bfloat16")}
    rows = [training_row(chosen, found, precision, rate) for precision, found in fitted.items()]
    ranked = ranking_seconds(chosen, fitted["float32"])
    device = device_name()
    lines = [
        f"# {device}",
        "",
        f"Written by `python -m benchmarks.accelerator`, JAX {jax.__version__}, on {chosen.samples:,} simulated "
        f"training samples and {chosen.test_samples:,} test samples of {chosen.genes:,} genes, {chosen.epochs} "
        f"epochs, batch {chosen.batch}; network {chosen.genes:,}-500-100-500-{chosen.genes:,}.",
        "",
        f"Float32 matrix product as JAX takes it by default on this device: {rate / 1e12:.2f} TFLOP/s. The share is "
        "that of the products that training needs, at the usual epoch, validation included in its time.",
        "",
        "| matrix products | all epochs, s | first epoch, s | usual epoch, s | samples/s | share of the rate "
        "| train loss | validation loss |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
        "",
        f"Mean |contribution| of every gene to all 100 units over {chosen.test_samples:,} samples: {ranked:.1f} s.",
    ]
    chosen.results.mkdir(parents=True, exist_ok=True)
    path = chosen.results / f"{device.lower().replace(',', '').replace(' ', '-')}.md"
    path.write_text("\n".join(lines) + "\n")
    print(path.read_text(), end="")


if __name__ == "__main__":
    main()
