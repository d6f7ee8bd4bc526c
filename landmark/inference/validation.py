"""Samples that are set aside from the training samples, to judge settings and epochs by."""

import numpy as np

from landmark.errors import BadData

VALIDATION_SHARE = 0.1
"""Share of the training samples that a method sets aside to judge its settings; D-GEX has 11% for it."""


def validation_rows(samples: int, seed: int, groups: np.ndarray | None = None) -> np.ndarray:
    """Choose validation samples at random, bool [samples]: a tenth, at least one, never all.

    Parameters
    ----------
    samples
        Number of training samples.
    seed
        Of the draw.
    groups
        Number of the group of each sample, int [samples], where samples of a group (a patient, a study) belong
        together: groups are then taken whole, in random order, as long as they fit into the tenth; where none does,
        the smallest one. Where that would be more than half of the samples, they are drawn one by one.

    Raises
    ------
    BadData
        If there are fewer than two samples.
    """
    if samples < 2:
        raise BadData(f"There are {samples} training samples; at least 2 are needed to judge a prediction.")
    rng, wanted = np.random.default_rng(seed), max(1, round(VALIDATION_SHARE * samples))
    if groups is not None and (whole := _whole_groups(groups, wanted, rng)).mean() <= 0.5:
        return whole
    rows = np.zeros(samples, dtype=bool)
    rows[np.random.default_rng(seed).permutation(samples)[:wanted]] = True
    return rows


def _whole_groups(groups: np.ndarray, wanted: int, rng: np.random.Generator) -> np.ndarray:
    """Take whole groups in random order that fit into a number of samples; the smallest one where none fits."""
    units, sizes = np.unique(groups, return_counts=True)
    taken, count = [], 0
    for place in rng.permutation(len(units)):
        if count + sizes[place] <= wanted:
            taken.append(units[place])
            count += sizes[place]
    return np.isin(groups, taken or units[[np.argmin(sizes)]])
