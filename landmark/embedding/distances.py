"""Distances between samples."""

from typing import Literal

import numpy as np
from scipy.spatial.distance import pdist

from landmark.errors import BadData

Distance = Literal["correlation", "euclidean", "cosine"]

MOST_SAMPLES = 20_000
"""All pairs of this many samples take 1.6 GB; beyond it a tree cannot be read either."""


def pairwise(values: np.ndarray, distance: Distance = "correlation") -> np.ndarray:
    """Compute the distances of all pairs of samples.

    Parameters
    ----------
    values
        [samples, features], such as bottleneck values.
    distance
        ``correlation`` is 1 - Pearson's correlation, ``cosine`` 1 - the cosine, ``euclidean`` the length of
        the difference.

    Returns
    -------
    ndarray
        Condensed as SciPy's ``pdist`` has it, float64 [samples (samples - 1) / 2], none negative.

    Raises
    ------
    BadData
        If there are fewer than two samples or too many, a value is missing, or a sample has no direction: all
        its values are the same (correlation) or zero (cosine).
    """
    samples = len(values)
    if not 2 <= samples <= MOST_SAMPLES:
        raise BadData(
            f"Distances are computed between 2 to {MOST_SAMPLES:,} samples; there are {samples:,}. "
            f"Choose other groups of samples."
        )
    values = values.astype(np.float64)
    if not np.isfinite(values).all():
        raise BadData("Some values of the samples are missing or infinite, so distances cannot be computed.")
    centred = values - values.mean(axis=1, keepdims=True) if distance == "correlation" else values
    without = int((np.linalg.norm(centred, axis=1) == 0).sum())
    if without and distance != "euclidean":
        raise BadData(
            f"{without:,} of {samples:,} samples have the same value everywhere, so they have no {distance} "
            f"with others. Use the Euclidean distance, or leave these samples out."
        )
    # rounding leaves the distance of equal samples a little below 0
    return np.maximum(pdist(values, distance), 0)
