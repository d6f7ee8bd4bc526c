"""The profile that contributions are measured from: what "no information" looks like to the network.

The paper leaves it open. A contribution answers "why does this sample differ from the reference?", so the mean of
the training samples asks what is unusual, zero asks what the raw value does, and the mean of a group (normal
tissue, say) asks what sets a sample apart from that group. All profiles are in the encoder's scale.
"""

from collections.abc import Sequence

import numpy as np

from landmark.errors import BadData
from landmark.training.data import Samples

_ROWS = 1024
"""Samples read at a time."""

_NAMED = 20
"""So many labels are named where the one asked for is none of them."""


def training_mean(X: Samples) -> np.ndarray:
    """Mean profile of samples [samples, genes], float32 [genes]; BadData if there is none.

    Samples are read in slices and summed in float64.
    """
    samples, genes = X.shape
    if not samples:
        raise BadData("There is no sample to take the mean profile of; choose at least one.")
    total = np.zeros(genes)
    for start in range(0, samples, _ROWS):
        total += np.asarray(X[start : start + _ROWS]).sum(axis=0, dtype=np.float64)
    return (total / samples).astype(np.float32)


def zero(genes: int) -> np.ndarray:
    """Profile of zeros, float32 [genes]."""
    return np.zeros(genes, np.float32)


def group_mean(X: Samples, labels: Sequence[str], group: str) -> np.ndarray:
    """Mean profile of the samples that carry a label, float32 [genes]; ``labels`` has one per sample.

    Raises BadData if labels do not match the samples, or no sample carries the label.
    """
    found = np.asarray(labels)
    if len(found) != X.shape[0]:
        raise BadData(f"There are {len(found)} labels for {X.shape[0]} samples; give one per sample.")
    members = np.flatnonzero(found == group)
    if not len(members):
        known = ", ".join(sorted({str(label) for label in found} - {""})[:_NAMED])
        raise BadData(
            f"No sample is labelled {group!r}, so it cannot be the reference. The labels are: {known}."
        )
    return training_mean(X[members])
