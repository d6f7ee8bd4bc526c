"""Samples by their annotations: the column to look at first, groups of samples, and the baseline made of one."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from landmark.analyses.choices import ReferenceChoice
from landmark.attribution.baselines import group_mean, training_mean, zero
from landmark.data.scaling import Scaling, mean_and_squares
from landmark.data.split import COLUMN, rows
from landmark.errors import BadData
from landmark.training.data import Samples, passing
from landmark.workflows.samples import Expression, written

LUNG = (
    ("LUAD", "LUSC", "SCLC"),  # cell lines of GDSC, by TCGA's names
    ("ADC", "SCC", "normal"),  # the paper's GSE4573 and GSE10072
    ("AD", "SQ", "NL"),  # Bhattacharjee et al. 2001
)
"""Names of lung tumour subtypes in public collections."""

FEWEST_SAMPLES = 5
MOST_PROPOSED = 8


@dataclass(frozen=True)
class Proposal:
    """An annotation column and the values of it to include."""

    label: str
    groups: tuple[str, ...]


def propose(annotations: pd.DataFrame) -> Proposal:
    """Propose what to colour and compare clusters by, from a table with a row per sample and a column per annotation.

    BadData if no column divides the samples into groups of several samples.
    """
    for name in annotations:
        sizes = _sizes(annotations[name])
        for subtypes in LUNG:
            if set(subtypes) <= set(sizes.index):
                return Proposal(str(name), subtypes)
    proposals = [(str(name), groups) for name in annotations if len(groups := _groups(annotations[name])) > 1]
    if not proposals:
        raise BadData(
            "No annotation divides the samples into groups of at least "
            f"{FEWEST_SAMPLES}. Import the dataset with sample labels, or choose a label and groups."
        )
    # the column that covers most samples with few groups is the easiest to read
    label, groups = max(proposals, key=lambda found: _sizes(annotations[found[0]])[list(found[1])].sum())
    return Proposal(label, groups)


def _sizes(column: pd.Series) -> pd.Series:
    text = written(column)
    return text[text != ""].value_counts()


def _groups(column: pd.Series) -> tuple[str, ...]:
    sizes = _sizes(column)
    if len(sizes) == len(column):
        return ()
    return tuple(sizes[sizes >= FEWEST_SAMPLES].index[:MOST_PROPOSED])


MOST_GROUPS = 20
MOST_VALUES = 1 << 25
"""Contributions kept at most, groups x genes x units: 134 MB as float32, for each half of the samples."""


@dataclass(frozen=True)
class SampleGroups:
    """Groups of samples by an annotation."""

    label: str
    sizes: dict[str, int]
    """Number of samples of each group by its name, the largest first."""
    numbers: np.ndarray
    """Place of each sample's group in ``sizes``, -1 for none of them, int64 [samples]."""


def largest_groups(annotations: pd.DataFrame, values: int, label: str = "") -> SampleGroups:
    """Find the largest groups of the training samples by an annotation, by default that which ``propose`` proposes.

    Parameters
    ----------
    values
        Contributions per group, genes x units: with many of them fewer groups are kept.

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
    sizes = _sizes(annotations[label])
    sizes = sizes[sizes >= FEWEST_SAMPLES].iloc[:most]
    if len(sizes) < 2:
        raise BadData(f"The training samples have no two groups of {label!r} with {FEWEST_SAMPLES} samples.")
    numbers = sizes.index.get_indexer(written(annotations[label]))
    return SampleGroups(label, {str(name): int(size) for name, size in sizes.items()}, numbers)


LEAST_JUDGED = 0.5
"""Share of the test samples that must be in groups large enough to correlate within."""


def groups_judged(matrix: Expression, label: str = "") -> SampleGroups:
    """Find the groups of test samples within which a prediction is judged: those of at least ``FEWEST_SAMPLES``.

    Without a label it is the annotation that tells most of the training samples: of those whose groups are large
    enough for half of the test samples, the one with the largest mean over genes of the adjusted R squared of an
    analysis of variance, 1 - (1 - R squared) (n - 1) / (n - k), with n samples in k groups.

    Parameters
    ----------
    matrix
        All samples, with their split; numbers of the groups are those of the test samples, in their order.
    label
        The annotation; empty to find one.

    Raises
    ------
    BadData
        If there is no such annotation, or none of its values has enough test samples.
    """
    annotations, test = matrix.about.obs.drop(columns=COLUMN), rows(matrix.about, "test")
    if label and label not in annotations:
        offered = ", ".join(map(str, annotations)) or "there is none"
        raise BadData(f"label = {label!r}: the samples have no such annotation. Choose from: {offered}.")
    label = label or _most_telling(matrix, annotations, test)
    sizes = _judged(annotations[label].iloc[test])
    if sizes.empty:
        raise BadData(f"label = {label!r}: no value of it has {FEWEST_SAMPLES} test samples. Choose another.")
    numbers = sizes.index.get_indexer(written(annotations[label].iloc[test]))
    return SampleGroups(label, {str(name): int(size) for name, size in sizes.items()}, numbers)


def groups_judged_if_any(matrix: Expression, label: str = "") -> SampleGroups | None:
    """Find these groups; None where no annotation was asked for and none fits."""
    try:
        return groups_judged(matrix, label)
    except BadData:
        if label:
            raise
        return None


def _judged(of_test: pd.Series) -> pd.Series:
    sizes = _sizes(of_test)
    return sizes[sizes >= FEWEST_SAMPLES]


def _most_telling(matrix: Expression, annotations: pd.DataFrame, test: np.ndarray) -> str:
    """Name the annotation that tells most of the training samples, among those that judge enough test samples."""
    train = rows(matrix.about, "train")
    enough = [
        name
        for name in annotations
        if _judged(annotations[name].iloc[test]).sum() >= LEAST_JUDGED * len(test)
    ]
    shares = {
        str(name): share_between(matrix.train, pd.factorize(written(annotations[name].iloc[train]))[0])
        for name in enough
    }
    told = {name: share for name, share in shares.items() if share > 0}
    if not told:
        raise BadData(
            f"No annotation divides the test samples into groups of at least {FEWEST_SAMPLES} that differ. Name one."
        )
    return max(told, key=lambda name: told[name])


ROUNDING = 1e-12
"""Variance of a gene, relative to the square of its mean, that is taken as none."""


def share_between(X: Samples, groups: np.ndarray) -> float:
    """Return the adjusted share of the variance of genes that lies between groups, mean over the genes that vary.

    ``X``: [samples, genes]; ``groups``: the number of the group of each sample, from 0, int [samples]. Minus infinity
    where every sample is a group of its own or all are one, or no gene varies.
    """
    samples, sizes = len(groups), np.bincount(groups)
    if not 1 < len(sizes) < samples:
        return -np.inf
    members = np.zeros((len(sizes), samples), np.float32)
    members[groups, np.arange(samples)] = 1
    sums = np.zeros((len(sizes), X.shape[1]))

    def summed() -> Iterator[np.ndarray]:
        for places, values in passing(X):
            np.add(sums, members[:, places] @ values, out=sums)
            yield values

    mean, whole, _ = mean_and_squares(summed(), X.shape[1])
    varies = whole > ROUNDING * samples * mean**2
    if not varies.any():
        return -np.inf
    between = (sizes[:, None] * (sums / sizes[:, None] - mean) ** 2).sum(axis=0)
    share = float((between[varies] / whole[varies]).mean())
    return 1 - (1 - share) * (samples - 1) / (samples - len(sizes))


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

    Takes the means over samples, [groups, genes, units]. Columns gene, group, contribution (in the units of the
    scores); all genes of the first group come first.
    """
    scores = np.stack([np.abs(of_group).mean(axis=1) for of_group in by_group])
    return pd.DataFrame(
        {
            "gene": pd.Categorical.from_codes(np.tile(np.arange(len(genes)), len(names)), genes),
            "group": pd.Categorical.from_codes(np.repeat(np.arange(len(names)), len(genes)), names),
            "contribution": scores.ravel(),
        }
    )


def reference_of(
    choice: ReferenceChoice, scaling: Scaling, train: Samples, annotations: pd.DataFrame
) -> np.ndarray:
    """Return the baseline that contributions are measured from, scaled as the network's input, float32 [genes].

    Parameters
    ----------
    scaling
        Of the network's input; zero expression is zero before it.
    train, annotations
        Training samples, scaled, [samples, genes], and a row for each.

    Raises
    ------
    BadData
        If there is no such annotation or group.
    """
    if choice.reference == "zero":
        return scaling.apply(zero(train.shape[1])[None])[0]
    if choice.reference == "training mean":
        return training_mean(train)
    label = choice.reference_label
    if label not in annotations:
        offered = ", ".join(map(str, annotations)) or "there is none"
        raise BadData(
            f"The samples have no annotation {label!r} to take the reference from. Choose: {offered}."
        )
    return group_mean(train, written(annotations[label]).to_numpy(), choice.reference_group.strip())
