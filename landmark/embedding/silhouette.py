"""How much nearer a sample is to its own group than to the nearest other one (Rousseeuw, 1987)."""

import numpy as np


def silhouette_values(square: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Compute the silhouette of every sample by one matrix product.

    Parameters
    ----------
    square
        Distances, [samples, samples].
    codes
        Number of each sample's group, from 0 without gaps, at least two groups, int [samples].

    Returns
    -------
    ndarray
        (b - a) / max(a, b), with a the mean distance to the others of the own group and b that to the nearest
        other group; 0 for a sample alone in its group, float64 [samples].
    """
    members = np.zeros((len(codes), int(codes.max()) + 1))
    members[np.arange(len(codes)), codes] = 1
    sizes = members.sum(0)
    to_groups = square @ members
    own = sizes[codes]
    a = to_groups[np.arange(len(codes)), codes] / np.maximum(own - 1, 1)
    to_others = to_groups / sizes
    to_others[np.arange(len(codes)), codes] = np.inf
    b = to_others.min(1)
    larger = np.maximum(a, b)
    values = np.divide(b - a, larger, where=larger > 0, out=np.zeros_like(a))
    return np.where(own > 1, values, 0.0)
