"""Importance over several groups of samples, brought together without scoring them again."""

from collections.abc import Sequence

import numpy as np

from landmark.attribution.summary import Importance


def combined(parts: Sequence[Importance]) -> Importance:
    """Return the importance over all samples of several disjoint groups.

    Means are weighted by the number of samples. The worst residual is the largest of the parts'; for
    contributions by group of samples see ``combined_groups``.
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


def combined_groups(parts: Sequence[Importance], groups: Sequence[np.ndarray]) -> np.ndarray:
    """Return the mean contribution over the samples of each group, from several disjoint parts of the samples.

    Parameters
    ----------
    parts
        Importance of each part, with ``by_group`` for the groups that the part has, in the order of their numbers.
    groups
        Number of each sample's group by part, [samples], counted from 0 over all parts; -1 for no group. A part
        may lack some groups.

    Returns
    -------
    numpy.ndarray
        Mean of ``C``, float32 [groups, genes, units].
    """
    sizes = np.array([np.bincount(of[of >= 0], minlength=max(map(np.max, groups)) + 1) for of in groups])
    weights = (sizes / sizes.sum(axis=0)).astype(np.float32)
    total = np.zeros((sizes.shape[1], *parts[0].mean.shape), np.float32)
    for part, present, weight in zip(parts, sizes > 0, weights, strict=True):
        if part.by_group is not None:
            total[present] += weight[present, None, None] * part.by_group
    return total
