"""Near-duplicates in a stored dataset of the paper's width: time, memory, and how many planted ones are found.

    python -m benchmarks.duplicates [--samples 20000] [--share 0.14]

The share is that of the paper: 18,149 of 129,158 profiles. Planted ones repeat another sample at Euclidean distances
of 0 to just below 1.0, wherever the borders of the clusters lie; controls repeat one at distances just above 1.0.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.measured import GENES, expression, forget_cached, in_a_child, need_disk, stored_dataset
from landmark.data.steps.duplicates import near_duplicates
from landmark.store.datasets import MATRIX, DatasetStore
from landmark.store.workspace import Workspace

NEAREST, FARTHEST, ABOVE = 0.0, 0.999, 1.001


def planted(blocks: Iterator[np.ndarray], share: float, at: list[tuple[int, int]]) -> Iterator[np.ndarray]:
    """Repeat a share of the samples of every block at its end, half as many controls after them; note the places."""
    rng = np.random.default_rng(1)
    place = 0
    for block in blocks:
        count = int(share * len(block))
        twins = block[:count] + _steps(rng, rng.uniform(NEAREST, FARTHEST, count))
        controls = block[: count // 2] + _steps(rng, np.full(count // 2, ABOVE))
        at += [(place + len(block) - count - count // 2 + i, place + i) for i in range(count)]
        yield np.concatenate([block[: len(block) - count - count // 2], twins, controls]).astype(np.float32)
        place += len(block)


def _steps(rng: np.random.Generator, lengths: np.ndarray) -> np.ndarray:
    steps = rng.standard_normal((len(lengths), GENES))
    return steps * (lengths / np.linalg.norm(steps, axis=1))[:, None]


def found(home: str, dataset: str) -> list[list[int]]:
    table = near_duplicates(DatasetStore(Workspace(Path(home))).get(dataset).stream())
    return table[["later", "earlier"]].to_numpy().tolist()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=20_000)
    parser.add_argument("--share", type=float, default=0.14)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        need_disk(home, 4 * chosen.samples * GENES / 1e9 + 1)
        pairs: list[tuple[int, int]] = []
        dataset = stored_dataset(
            home, chosen.samples, planted(expression(chosen.samples), chosen.share, pairs)
        )
        forget_cached(home / "datasets" / dataset / MATRIX)
        result = in_a_child(found, str(home), dataset)
        right = set(pairs) & {(later, earlier) for later, earlier in result["result"]}
        print(
            f"Near-duplicates among {chosen.samples:,} x {GENES:,}: {result['seconds']:.1f} s, peak memory "
            f"{result['peak_mb']:,.0f} MB; {len(right):,} of {len(pairs):,} planted ones found (recall "
            f"{len(right) / len(pairs):.4f}), {len(result['result']) - len(right)} others named"
        )


if __name__ == "__main__":
    main()
