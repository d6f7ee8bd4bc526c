"""Divide samples into folds for cross-validation: at random, evenly by a label, or whole groups at a time."""

import numpy as np
import pandas as pd

from landmark.data.split import numbered_groups
from landmark.errors import BadConfiguration

LEAST_SAMPLES = 2
"""Samples that every fold, and every rest, needs: a correlation over one sample says nothing."""


def random_folds(samples: int, folds: int, seed: int) -> np.ndarray:
    """Deal samples out at random: the fold of each, int [samples]; sizes differ by one at most.

    Raises
    ------
    BadConfiguration
        If there are too few samples for so many folds.
    """
    return balanced_folds(np.zeros(samples, dtype=np.intp), folds, seed)


def balanced_folds(labels: np.ndarray | pd.Series, folds: int, seed: int) -> np.ndarray:
    """Deal samples out so that every fold has its share of every label: the fold of each, int [samples].

    Samples of a label are dealt one after the other, and the next label goes on where the last one ended, so sizes
    of folds differ by one at most, and so do counts of a label. Samples without a label count as one label.

    Raises
    ------
    BadConfiguration
        If there are too few samples for so many folds.
    """
    codes, _ = pd.factorize(labels)
    if len(codes) < LEAST_SAMPLES * folds:
        raise BadConfiguration(
            f"folds = {folds}: with {len(codes):,} samples a fold would have fewer than {LEAST_SAMPLES}; choose at "
            f"most {len(codes) // LEAST_SAMPLES}"
        )
    shuffled = np.random.default_rng(seed).permutation(len(codes))
    dealt = shuffled[np.argsort(codes[shuffled], kind="stable")]
    fold = np.empty(len(codes), dtype=np.intp)
    fold[dealt] = np.arange(len(codes)) % folds
    return fold


def grouped_folds(groups: np.ndarray | pd.Series, folds: int, seed: int) -> np.ndarray:
    """Deal whole groups out, such as tissues: the fold of each sample, int [samples].

    Groups come in random order, each to the fold with the fewest samples so far. So a test fold holds groups that the
    training samples know nothing of. Samples without a group are groups of one.

    Raises
    ------
    BadConfiguration
        If there are fewer groups than folds, or a fold would be left with a single sample.
    """
    codes = numbered_groups(groups)
    sizes = np.bincount(codes)
    if len(sizes) < folds:
        raise BadConfiguration(
            f"folds = {folds}: there are {len(sizes)} groups of samples, and each fold needs one; choose fewer folds "
            "or another column"
        )
    counts = np.zeros(folds, dtype=np.intp)
    of_group = np.empty(len(sizes), dtype=np.intp)
    for group in np.random.default_rng(seed).permutation(len(sizes)):
        of_group[group] = np.argmin(counts)
        counts[of_group[group]] += sizes[group]
    if min(counts.min(), len(codes) - counts.max()) < LEAST_SAMPLES:
        raise BadConfiguration(
            f"folds = {folds}: a fold would have a single sample; choose fewer folds or a column of larger groups"
        )
    return of_group[codes]
