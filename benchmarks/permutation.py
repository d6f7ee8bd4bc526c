"""The permutation test at the paper's number of genes: how long it takes, and whether it is exact.

    python -m benchmarks.permutation [--genes 22268] [--samples 2000]

Time is taken on simulated predictions of all genes. Exactness is checked on 300 of the genes: the p-values have to
equal those counted in float64 from NumPy's own correlation matrix of these genes.
"""

import argparse
import time

import numpy as np

from landmark.metrics.per_gene import permutation_test

CHECKED = 300
FACTORS = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--genes", type=int, default=22_268)
    parser.add_argument("--samples", type=int, default=2_000)
    chosen = parser.parse_args()
    random = np.random.default_rng(0)
    factors = random.standard_normal((chosen.samples, FACTORS), dtype=np.float32)
    true = factors @ random.standard_normal((FACTORS, chosen.genes), dtype=np.float32)
    true += random.standard_normal(true.shape, dtype=np.float32)
    # Noise of many sizes, so that p-values of all sizes occur.
    noise = np.geomspace(0.1, 1000, chosen.genes, dtype=np.float32)
    predicted = true + noise * random.standard_normal(true.shape, dtype=np.float32)

    began = time.perf_counter()
    p_values = permutation_test(true, predicted)
    seconds = time.perf_counter() - began

    some = np.linspace(0, chosen.genes - 1, CHECKED).astype(int)
    between = np.corrcoef(true[:, some].T.astype(float), predicted[:, some].T.astype(float))[
        :CHECKED, CHECKED:
    ]
    expected = (between > np.diag(between)).sum(axis=0) / (CHECKED - 1)
    equal = (permutation_test(true[:, some], predicted[:, some]) == expected).sum()

    print(f"Permutation test, {chosen.genes:,} genes x {chosen.samples:,} samples")
    print(f"  {seconds:.1f} s; {(p_values < 0.01).sum():,} genes significant")
    print(
        f"  {equal} of {CHECKED} p-values equal the direct computation, which has {len(set(expected))} different ones"
    )


if __name__ == "__main__":
    main()
