"""Importance over several groups of samples, brought together without scoring them again."""

from collections.abc import Sequence

import numpy as np

from landmark.attribution.summary import Importance


def combined(parts: Sequence[Importance]) -> Importance:
    """Return the importance over all samples of several disjoint groups.

    Means are weighted by the number of samples. The worst residual is the largest of the parts'; contributions by
    group of samples are not carried over.
    """
    samples = np.array([part.samples for part in parts])
    weights = samples / samples.sum()

    def mean(values: Sequence[np.ndarray]) -> np.ndarray:
        return np.tensordot(weights, np.stack(values), axes=1).astype(np.float32)

    return Importance(
        mean([part.mean_absolute for part in parts]),
        mean([part.mean for part in parts]),
        None,
        int(samples.sum()),
        max(part.worst_residual for part in parts),
        float(weights @ [part.mean_residual for part in parts]),
    )
