"""Groups of training samples by which contributions are told apart, within the memory that they take."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.workflows.labels import FEWEST_SAMPLES, propose, written

MOST_GROUPS = 20
MOST_VALUES = 1 << 25
"""Contributions kept at most, groups x genes x units: 134 MB as float32, for each half of the samples."""


@dataclass(frozen=True)
class SampleGroups:
    """Groups of samples.

    Attributes
    ----------
    label
        The annotation column they come from.
    sizes
        Number of samples of each group by its name, the largest first.
    numbers
        Place of each sample's group in ``sizes``, -1 for none of them, int64 [samples].
    """

    label: str
    sizes: dict[str, int]
    numbers: np.ndarray


def largest_groups(annotations: pd.DataFrame, values: int, label: str = "") -> SampleGroups:
    """Find the largest groups of samples.

    Parameters
    ----------
    annotations
        One row per training sample, one column per annotation.
    values
        Contributions per group, genes x units: with many of them fewer groups are kept.
    label
        The column; by default that which ``propose`` proposes.

    Raises
    ------
    BadData
        If there are no two groups of several samples, or the contributions of two take too much memory.
    """
    label = propose(annotations[[label]] if label else annotations).label
    most = min(MOST_GROUPS, MOST_VALUES // values)
    if most < 2:
        raise BadData(
            f"Contributions by sample group take too much memory: {values:,} values for each group."
        )
    names = written(annotations[label])
    counts = names[names != ""].value_counts()
    sizes = counts[counts >= FEWEST_SAMPLES].iloc[:most]
    if len(sizes) < 2:
        raise BadData(f"The training samples have no two groups of {label!r} with {FEWEST_SAMPLES} samples.")
    return SampleGroups(
        label, {str(name): int(size) for name, size in sizes.items()}, sizes.index.get_indexer(names)
    )


def groups_or_reason(
    annotations: pd.DataFrame, values: int, label: str = ""
) -> tuple[SampleGroups | None, str]:
    """Return the largest groups of samples, or None and why there are none; see ``largest_groups``."""
    try:
        return largest_groups(annotations, values, label), ""
    except BadData as reason:
        return None, str(reason)


def group_table(by_group: np.ndarray, names: list[str], genes: list[str]) -> pd.DataFrame:
    """Score every gene in every group: mean over units of ``|mean of C over the group's samples|``.

    Parameters
    ----------
    by_group
        Mean of ``C`` over the samples of each group, [groups, genes, units].

    Returns
    -------
    DataFrame
        gene; group; contribution, in the units of the scores. All genes of the first group come first.
    """
    scores = np.stack([np.abs(of_group).mean(axis=1) for of_group in by_group])
    return pd.DataFrame(
        {
            "gene": pd.Categorical.from_codes(np.tile(np.arange(len(genes)), len(names)), genes),
            "group": pd.Categorical.from_codes(np.repeat(np.arange(len(names)), len(genes)), names),
            "contribution": scores.ravel(),
        }
    )
