"""DeepLIFT at the paper's encoder size, against captum and against the machine's own matrix product.

    python -m benchmarks.deeplift

prints, all measured in turn in one run and as medians: samples per second of the mean |contribution| of 22,268 genes to
all 100 units; the same of captum, which attributes to one unit per call, timed for batches of several sizes on a few
units and scaled to 100, the fastest size counting; and the share of the rate of JAX's own 4,096-square product. Beside
the ratio to captum stands the one that contributions at the full rate of the matrix product would have.
"""

import statistics
import time
import warnings
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from landmark.attribution.importance import BLOCK, DenseEncoder, importance

GENES, HIDDEN, UNITS = 22_268, 500, 100
TEST_SAMPLES = 11_100
SAMPLES = 16 * BLOCK
CAPTUM_BATCHES, CAPTUM_UNITS = (8, 32, 128), 2
SQUARE = 4_096
REPEATS = 5


def paper_encoder(rng: np.random.Generator) -> DenseEncoder:
    def layer(inputs: int, outputs: int) -> np.ndarray:
        bound = np.sqrt(6 / (inputs + outputs))
        return rng.uniform(-bound, bound, (inputs, outputs)).astype(np.float32)

    return DenseEncoder(
        weights=(layer(GENES, HIDDEN), layer(HIDDEN, UNITS)),
        biases=(np.zeros(HIDDEN, np.float32), np.zeros(UNITS, np.float32)),
        activations=("sigmoid", "sigmoid"),
    )


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def captum_pass(encoder: DenseEncoder, X: np.ndarray, reference: np.ndarray) -> Callable[[], object]:
    import torch
    from captum.attr import DeepLift

    first, second = torch.nn.Linear(GENES, HIDDEN), torch.nn.Linear(HIDDEN, UNITS)
    with torch.no_grad():
        for layer, weight in zip((first, second), encoder.weights, strict=True):
            layer.weight.copy_(torch.from_numpy(np.asarray(weight).T.copy()))
            layer.bias.zero_()
    method = DeepLift(torch.nn.Sequential(first, torch.nn.Sigmoid(), second))
    samples, origin = torch.from_numpy(X), torch.from_numpy(reference[None])

    def run() -> list[np.ndarray]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # captum tells of every hook that it sets
            return [
                method.attribute(samples, origin, target=unit).abs().mean(dim=0).detach().numpy()
                for unit in range(CAPTUM_UNITS)
            ]

    return run


def main() -> None:
    rng = np.random.default_rng(0)
    encoder = paper_encoder(rng)
    X = rng.standard_normal((SAMPLES, GENES), dtype=np.float32)
    reference = X.mean(axis=0)
    square = jnp.asarray(rng.standard_normal((SQUARE, SQUARE), dtype=np.float32))
    product = jax.jit(lambda a: jnp.matmul(a, a, precision="highest"))

    works: dict[str | int, Callable[[], object]] = {
        "product": lambda: product(square).block_until_ready(),
        "ours": lambda: importance(encoder, X, reference),
        **{batch: captum_pass(encoder, X[:batch], reference) for batch in CAPTUM_BATCHES},
    }
    for work in works.values():
        work()
    # In turns, so that a change of the machine's load meets all alike.
    times: dict[str | int, list[float]] = {name: [] for name in works}
    for _ in range(REPEATS):
        for name, work in works.items():
            times[name].append(seconds(work))
    median = {name: statistics.median(found) for name, found in times.items()}

    rate = SAMPLES / median["ours"]
    captum = {batch: batch / (median[batch] / CAPTUM_UNITS * UNITS) for batch in CAPTUM_BATCHES}
    batch = max(captum, key=lambda size: captum[size])
    flop = 2 * GENES * HIDDEN * UNITS
    peak = 2 * SQUARE**3 / median["product"]
    residual = importance(encoder, X, reference).worst_residual

    print(
        f"Mean |contribution|, {GENES:,}-{HIDDEN}-{UNITS}, all {UNITS} units, on {jax.devices()[0].device_kind}"
    )
    print(f"{'landmark':<34}{rate:10.1f} samples/s   ({SAMPLES} samples)")
    print(
        f"{'captum DeepLift':<34}{captum[batch]:10.2f} samples/s   (batches of {batch}, {CAPTUM_UNITS} units)"
    )
    print(f"{'landmark / captum':<34}{rate / captum[batch]:10.1f} x")
    print(f"{'  at the rate of the product':<34}{peak / flop / captum[batch]:10.1f} x")
    print(f"{'landmark':<34}{rate * flop / 1e9:10.0f} GFLOP/s")
    print(f"{f'JAX {SQUARE:,}-square product':<34}{peak / 1e9:10.0f} GFLOP/s")
    print(f"{'share of it':<34}{rate * flop / peak:10.0%}")
    print(f"{f'{TEST_SAMPLES:,} samples would take':<34}{TEST_SAMPLES / rate:10.0f} s")
    print(f"{'worst residual':<34}{residual:10.1e}")


if __name__ == "__main__":
    main()
