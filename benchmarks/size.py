"""Every size of a gene set from one factorisation, against separate regressions.

    python -m benchmarks.size [--samples 2000] [--genes 6000] [--landmarks 490] [--rounds 5]

Prints the time of the whole curve (every size) beside that of one ridge fit with its evaluation at the largest size,
medians of rounds in turn, and the largest difference of the curve from separate fits at 12 sizes.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np

from benchmarks.simulated import factor_expression
from landmark.inference.predict import predict
from landmark.inference.ridge import Ridge
from landmark.inference.split import SplitExpression
from landmark.metrics.per_gene import accuracy
from landmark.metrics.size_curve import size_curve

SIZES = 12


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--genes", type=int, default=6000)
    parser.add_argument("--landmarks", type=int, default=490)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    X = factor_expression(chosen.samples, chosen.genes)
    cut = chosen.samples * 4 // 5
    names = tuple(f"gene{i}" for i in range(chosen.genes))
    split = SplitExpression.of(X[:cut], X[cut:], names)
    ordered, targets = names[: chosen.landmarks], names[chosen.landmarks :]

    def one_fit() -> None:
        answer = predict(split, ordered, targets, Ridge())
        accuracy(answer.true, answer.predicted)

    one_fit()
    curve = size_curve("set", split, ordered, targets)
    times: dict[str, list[float]] = {"one fit": [], "every size": []}
    for _ in range(chosen.rounds):
        times["one fit"].append(seconds(one_fit))
        times["every size"].append(seconds(lambda: size_curve("set", split, ordered, targets)))
    median = {name: statistics.median(found) for name, found in times.items()}

    worst = 0.0
    rows = curve.table.set_index("size")
    for size in np.unique(np.geomspace(1, chosen.landmarks, SIZES).round().astype(int)):
        answer = predict(split, ordered[:size], targets, Ridge((curve.penalty,)))
        separate = accuracy(answer.true, answer.predicted)
        worst = max(
            worst,
            abs(rows.loc[size, "mae"] - separate.mae.mean()),
            abs(rows.loc[size, "pcc"] - separate.pcc.mean()),
        )
    print(f"{chosen.samples:,} samples x {chosen.genes:,} genes, sizes 1 to {chosen.landmarks:,}")
    print(f"{'one fit at the largest size':<44}{median['one fit']:8.2f} s")
    print(f"{f'curve of all {chosen.landmarks:,} sizes':<44}{median['every size']:8.2f} s")
    print(f"{'curve / one fit':<44}{median['every size'] / median['one fit']:8.2f} x")
    print(f"{f'largest difference from {SIZES} separate fits':<44}{worst:8.1e}")


if __name__ == "__main__":
    main()
