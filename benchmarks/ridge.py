"""Ridge regression of a whole genome on its landmark genes, and its evaluation, at the paper's number of probes.

    python -m benchmarks.ridge [--samples 20000] [--genes 22268] [--landmarks 943]

Prints the time of the fit with its choice among 25 penalties, of the prediction of the test samples (a fifth of all),
of MAE and PCC per gene, and of the permutation test, which correlates every gene with every prediction.
"""

import argparse
import os
import time

from benchmarks.simulated import factor_expression
from landmark.inference.predict import fit, predict_test
from landmark.inference.ridge import Ridge
from landmark.inference.split import SplitExpression
from landmark.metrics.per_gene import accuracy, permutation_test


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=20_000)
    parser.add_argument("--genes", type=int, default=22_268)
    parser.add_argument("--landmarks", type=int, default=943)
    chosen = parser.parse_args()
    X = factor_expression(chosen.samples, chosen.genes)
    cut = chosen.samples * 4 // 5
    names = tuple(f"gene{i}" for i in range(chosen.genes))
    clock = [time.perf_counter()]

    def lap() -> float:
        clock.append(time.perf_counter())
        return clock[-1] - clock[-2]

    times = {}
    split = SplitExpression.of(X[:cut], X[cut:], names)
    times["learning the scaling"] = lap()
    trained = fit(split, names[: chosen.landmarks], names[chosen.landmarks :], Ridge())
    times["fit, 25 penalties"] = lap()
    answer = predict_test(split, trained, trained.targets)
    times["prediction of the test samples"] = lap()
    measured = accuracy(answer.true, answer.predicted)
    times["MAE and PCC per gene"] = lap()
    permutation_test(answer.true, answer.predicted)
    times["permutation test"] = lap()

    print(
        f"{chosen.samples:,} samples x {chosen.genes:,} genes from {chosen.landmarks:,} landmark genes, "
        f"{os.cpu_count()} cores"
    )
    for name, taken in times.items():
        print(f"{name:<36}{taken:8.1f} s")
    print(f"{'all':<36}{sum(times.values()):8.1f} s")
    print(f"{'mean PCC':<36}{measured.pcc.mean():8.3f}")


if __name__ == "__main__":
    main()
