"""Per-gene scaling learned from training rows and applied to any rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

Kind = Literal["standardise", "unit", "centre"]

STANDARD_DEVIATION_FLOOR = 1e-3
"""Added to every standard deviation, as in the public D-GEX code, so that constant genes stay finite."""

_GENES_AT_ONCE = 1024
"""Sums are in float64: in blocks of genes, so that a large matrix is not copied to twice its size."""


def mean_and_squares(blocks: Iterable[np.ndarray], genes: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Find mean and sum of squared deviations of every gene as samples pass, float64 [genes], and their number.

    Those of blocks [samples of the block, genes] are merged as in Chan, Golub, LeVeque (1983), so that the result does
    not depend on where the samples lie.
    """
    mean, squares, seen = np.zeros(genes), np.zeros(genes), 0
    for block in blocks:
        here = block.mean(axis=0, dtype=np.float64)
        squares += block.var(axis=0, dtype=np.float64) * len(block)
        squares += (here - mean) ** 2 * (seen * len(block) / (seen + len(block)))
        mean += (here - mean) * (len(block) / (seen + len(block)))
        seen += len(block)
    return mean, squares, seen


@dataclass(frozen=True)
class Scaling:
    """An affine map per gene: ``(x - shift) / scale``."""

    # float32 arrays of shape [genes]
    shift: np.ndarray
    scale: np.ndarray

    @classmethod
    def learn(cls, X: np.ndarray, kind: Kind = "standardise") -> "Scaling":
        """Learn the scaling from training samples, X [samples, genes].

        ``standardise``: mean 0 and standard deviation 1 per gene; ``unit``: the range 0 to 1 per gene; ``centre``:
        mean 0 per gene, in the unit of X.
        """
        if kind == "unit":
            low, high = X.min(axis=0), X.max(axis=0)
            return cls(
                low.astype(np.float32), np.maximum(high - low, STANDARD_DEVIATION_FLOOR).astype(np.float32)
            )
        mean, scale = np.empty(X.shape[1]), np.ones(X.shape[1])
        for start in range(0, X.shape[1], _GENES_AT_ONCE):
            genes = slice(start, start + _GENES_AT_ONCE)
            mean[genes] = X[:, genes].mean(axis=0, dtype=np.float64)
            if kind == "standardise":
                scale[genes] = X[:, genes].std(axis=0, dtype=np.float64) + STANDARD_DEVIATION_FLOOR
        return cls(mean.astype(np.float32), scale.astype(np.float32))

    def some(self, genes: np.ndarray | slice) -> "Scaling":
        """Return the scaling of some genes, given by place."""
        return Scaling(self.shift[genes], self.scale[genes])

    def apply(self, X: np.ndarray) -> np.ndarray:
        """Scale rows, [samples, genes] to float32 [samples, genes]."""
        return ((X - self.shift) / self.scale).astype(np.float32)

    def invert(self, Z: np.ndarray) -> np.ndarray:
        """Undo ``apply``."""
        return (Z * self.scale + self.shift).astype(np.float32)
