"""Sparse mixtures of samples by SampleLASSO, beside scikit-learn's Lasso, in one run on the same simulated samples.

    python -m benchmarks.sample_lasso [--samples 200] [--training 780] [--landmarks 490] [--alpha 0.03]

Both solve for the weights of all training samples in each new one, scikit-learn sample by sample until its duality gap
is below 1e-10 of |y|^2. Times are of the wall clock and of the processor, all threads together, with all that each does
once for a set of training samples.
"""

import argparse
import os
import time
from collections.abc import Callable

import numpy as np
from sklearn.linear_model import Lasso

from benchmarks.simulated import factor_expression
from landmark.data.scaling import Scaling
from landmark.inference.mixtures import Mixer


def ours(training: np.ndarray, new: np.ndarray, alpha: float) -> np.ndarray:
    mixer = Mixer(training, intercept=True)
    return np.concatenate([mixer.solve(new[rows], alpha).weights for rows in mixer.blocks(new)])


def scikit_learn(training: np.ndarray, new: np.ndarray, alpha: float) -> np.ndarray:
    X = np.asfortranarray(training.T, dtype=np.float64)
    model = Lasso(alpha=alpha, tol=1e-10, max_iter=1_000_000)
    return np.array([model.fit(X, y).coef_ for y in new.astype(np.float64)])


def timed(solve: Callable[..., np.ndarray], *given: object) -> tuple[np.ndarray, float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    found = solve(*given)
    return found, time.perf_counter() - wall, time.process_time() - processor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--training", type=int, default=780)
    parser.add_argument("--landmarks", type=int, default=490)
    parser.add_argument("--alpha", type=float, default=0.03)
    chosen = parser.parse_args()
    X = factor_expression(chosen.training + chosen.samples, chosen.landmarks)
    X = Scaling.learn(X[: chosen.training]).apply(X)
    training, new = X[: chosen.training], X[chosen.training :]

    weights, *times = timed(ours, training, new, chosen.alpha)
    expected, *peer_times = timed(scikit_learn, training, new, chosen.alpha)
    print(
        f"{chosen.samples:,} samples as mixtures of {chosen.training:,} by {chosen.landmarks:,} landmark genes, "
        f"alpha {chosen.alpha:g}, {os.cpu_count()} cores"
    )
    for name, (wall, processor) in {"landmark": times, "scikit-learn": peer_times}.items():
        print(f"{name:<36}{wall:8.1f} s{processor:8.1f} s of processor")
    print(f"{'scikit-learn / landmark':<36}{peer_times[0] / times[0]:8.1f}  {peer_times[1] / times[1]:8.1f}")
    print(f"{'training samples in a mixture':<36}{(weights != 0).sum(axis=1).mean():8.1f}")
    print(f"{'largest difference of a weight':<36}{np.abs(weights - expected).max():8.1e}")


if __name__ == "__main__":
    main()
