"""Samples that are in two datasets: by their names, or by their values whatever they are called.

A prediction that was learned from a sample is not tested by the same sample. Values are compared by the order of the
genes within a sample, which no logarithm, scaling of samples or normalisation of distributions changes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

SAME = 0.999  # from this correlation of standardised ranks on, two profiles are of one sample
CLOSE, AHEAD = 0.9, 0.2
"""Genes scaled one by one lose a little: then a correlation of at least ``CLOSE`` whose gap to 1 is at most ``AHEAD``
of the gap of the next best sample."""

SHARE = 0.25
"""Such close ones count where they are at least this share of a dataset: now and then strangers are close by chance."""

MOST_GENES = 2000  # so many genes are enough to know a sample by
FEW = 10  # with fewer samples the mean and standard deviation of a gene say little
_ROWS = 512
_ORDINAL = re.compile(
    r"(unnamed|samples?|s|col(umn)?|array|chip|cell|patient|pat|p|subject|case|tumou?r|normal|control|ctrl|t|n|c|x|v|rep"
    r"|replicate|donor|individual|obs|id|no|nr)?\d*"
)
"""Names that only count: two datasets have a sample 1 each without sharing one."""


@dataclass(frozen=True)
class Shared:
    """Which samples of another dataset are among those of a first one."""

    # position in the first dataset, int [samples of the other]; -1 where the sample is in the other alone
    place: np.ndarray
    by_name: int  # how many were known by their names; the others by their values

    @property
    def count(self) -> int:
        """The number of samples in both."""
        return int((self.place >= 0).sum())


def shared_samples(
    first: np.ndarray, other: np.ndarray, first_names: Sequence[str], other_names: Sequence[str]
) -> Shared:
    """Find the samples of another dataset that are in a first one too, by names and values.

    Values [samples, genes] are of the same genes, each in any unit. Names that merely number samples prove nothing.
    """
    place = np.full(len(other), -1, dtype=np.intp)
    known = {plain: row for row, name in enumerate(first_names) if (plain := _plain(name))}
    for row, name in enumerate(other_names):
        place[row] = known.get(_plain(name), -1)
    by_name = int((place >= 0).sum())
    unknown = np.flatnonzero(place < 0)
    if len(unknown) and first.size:
        place[unknown] = _same_values(first, other)[unknown]
    return Shared(place, by_name)


def _same_values(first: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return for every sample of another dataset the position of the same sample in a first one, or -1."""
    genes = np.linspace(0, first.shape[1] - 1, min(first.shape[1], MOST_GENES)).astype(int)
    ours, theirs = np.asarray(first[:, genes], np.float64), np.asarray(other[:, genes], np.float64)
    levels = rankdata(ours, axis=1)
    found = _same(levels, rankdata(theirs, axis=1), _centre(levels))
    if (
        min(len(ours), len(theirs)) >= FEW
    ):  # genes that were scaled one by one are comparable after scaling both
        ours, theirs = (rankdata(_standardised(X, *_centre(X)), axis=1) for X in (ours, theirs))
        found = np.where(found < 0, _same(ours, theirs, _centre(ours)), found)
    return found


def _same(ours: np.ndarray, theirs: np.ndarray, centre: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Find the same sample by correlation of ranks [samples, genes], each gene less its mean rank in the first."""
    left = _unit(ours, *centre)
    found, certain = np.full(len(theirs), -1, dtype=np.intp), np.zeros(len(theirs), dtype=bool)
    for start in range(0, len(theirs), _ROWS):
        correlation = _unit(theirs[start : start + _ROWS], *centre) @ left.T
        best = correlation.argmax(axis=1)
        rows = np.arange(len(best))
        top = correlation[rows, best]
        correlation[rows, best] = -1
        gap = 1 - correlation.max(axis=1) if len(ours) > 1 else np.zeros(len(best))
        close = (top >= CLOSE) & (1 - top <= AHEAD * gap)
        certain[start : start + _ROWS] = top >= SAME
        found[start : start + _ROWS] = np.where(close | (top >= SAME), best, -1)
    enough = np.mean(found >= 0) >= SHARE
    return found if enough else np.where(certain, found, -1)


def _centre(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation of every gene; a single sample gives none."""
    if len(X) < 2:
        return np.full(X.shape[1], X.mean()), np.ones(X.shape[1])
    deviation = X.std(axis=0)
    return X.mean(axis=0), np.where(deviation > 0, deviation, 1)


def _standardised(X: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    return (X - mean) / deviation


def _unit(ranks: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    """Return standardised profiles of length 1, float32 [samples, genes]; one without any profile is 0."""
    scaled = _standardised(ranks, mean, deviation)
    scaled -= scaled.mean(axis=1, keepdims=True)
    length = np.linalg.norm(scaled, axis=1, keepdims=True)
    return (scaled / np.where(length > 0, length, 1)).astype(np.float32)


def _plain(name: object) -> str:
    """Write a name without case and punctuation; empty where it only counts."""
    plain = re.sub(r"[^0-9a-z]+", "", str(name).casefold())
    return "" if _ORDINAL.fullmatch(plain) else plain
