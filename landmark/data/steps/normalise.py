"""Logarithm and quantile normalisation, within one platform and from another platform onto the first.

Quantile normalisation (Bolstad et al., Bioinformatics 19:185, 2003) takes two passes: the mean of the sorted samples,
then each value onto the quantile of its rank.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from qnorm import quantile_normalize

from landmark.data.history import describe, fact, record
from landmark.data.split import training_rows
from landmark.data.steps.stream import Stream, chosen, mapped, without_values
from landmark.errors import BadData
from landmark.progress import Report, silent

PAPER_RANGE = (4.0, 15.0)
"""The range of log2 values after quantile normalisation in Kong et al. 2021."""

_THREADS = min(4, os.cpu_count() or 1)
"""Threads of qnorm; it says itself that more than four gain nothing."""


def log2(stream: Stream, offset: float = 1.0) -> Stream:
    """Take log2(value + offset) as the samples pass; an offset of 1 suits counts, TPM and MAS5 signals.

    BadData from the pass: a value plus the offset is not positive.
    """
    about = without_values(stream.about)
    describe(about, unit="log2 expression")
    record(about, "Logarithm", base=2, offset=offset)

    def logged(X: np.ndarray) -> np.ndarray:
        if float(np.nanmin(X)) + offset <= 0:
            lowest = min(float(np.nanmin(block)) for block in stream.blocks())
            raise BadData(
                f"The smallest value is {lowest:g}, so log2(value + {offset:g}) does not exist for it. The "
                "data are perhaps logged already; otherwise choose a larger offset."
            )
        X += np.float32(offset)
        return np.log2(X, out=X)

    return mapped(stream, about, logged)


def quantile_normalise(
    stream: Stream,
    low: float | None = None,
    high: float | None = None,
    report: Report = silent,
    learned_on: np.ndarray | None = None,
) -> Stream:
    """Give every sample the same distribution of values: the mean over samples of the values of equal rank.

    Equal values within a sample get the mean of the quantiles that they span, as the package qnorm does it.
    The mean is that of the samples ``learned_on``, bool [samples], by default all, found in a pass at once;
    with ``low`` and ``high`` it is stretched to this range (the paper's data run from 4 to 15). BadData: a
    range is asked for, but all values are equal.
    """
    quantiles = quantiles_of(stream, report, learned_on)
    if low is not None and high is not None:
        quantiles = stretched(quantiles, low, high)
    about = without_values(stream.about)
    learned = {} if learned_on is None else {"learned_on": int(learned_on.sum())}
    record(about, "Quantile normalisation", low=low, high=high, **learned)
    return mapped(stream, about, lambda X: onto_quantiles(X, quantiles))


def joined_quantiles(
    first: Stream, others: Sequence[Stream], report: Report = silent, dense: bool = False
) -> list[Stream]:
    """Give the samples of other matrices the mean distribution of the first one's training samples.

    Chen et al. (Bioinformatics 32:1832, 2016) map RNA-seq onto the quantiles of their arrays in this way. Only ranks
    within a sample count, so the other platform may be in another unit, logged or not. ``dense`` places equal values as
    the public code of D-GEX does (``onto_quantiles_dense``); by default they get the mean of the quantiles they span.
    """
    if not all(other.about.var_names.equals(first.about.var_names) for other in others):
        raise BadData(
            "Two platforms are brought onto one distribution over the same genes in the same order only."
        )
    quantiles = quantiles_of(first, report, training_rows(first.about))
    onto = onto_quantiles_dense if dense else onto_quantiles
    mapped_ones = []
    for other in others:
        about = without_values(other.about)
        describe(about, unit=fact(first.about, "unit"))
        record(about, "Joint quantile normalisation", onto=fact(first.about, "title"), genes=first.genes)
        mapped_ones.append(mapped(other, about, lambda X: onto(X, quantiles)))
    return mapped_ones


def quantiles_of(stream: Stream, report: Report = silent, learned_on: np.ndarray | None = None) -> np.ndarray:
    """Average the sorted samples of one pass, those of ``learned_on``, bool [samples]: float64 [genes], ascending."""
    if learned_on is not None:
        stream = chosen(stream, learned_on)
    total = np.zeros(stream.genes)
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        for _, block in stream.reported(report, "Averaging the quantiles"):
            for part in pool.map(_sum_of_sorted, np.array_split(block, cores)):
                total += part
    return total / stream.samples


def stretched(quantiles: np.ndarray, low: float, high: float) -> np.ndarray:
    """Stretch ascending quantiles [genes] so that they run from ``low`` to ``high``; refuse them if all are equal."""
    span = quantiles[-1] - quantiles[0]
    if span <= 0:
        raise BadData("All values are equal; they cannot be stretched to a range.")
    return low + (quantiles - quantiles[0]) * (high - low) / span


def onto_quantiles(X: np.ndarray, quantiles: np.ndarray) -> np.ndarray:
    """Replace every value of X [samples, genes] by the quantile of its rank within its sample, as float32.

    ``quantiles`` ascend, [genes] or any other length of at least 2: they are then interpolated at the ranks,
    as when another platform is brought onto the distribution of the first.
    """
    quantiles = _stretched_to(quantiles, X.shape[1])
    return quantile_normalize(np.asarray(X, np.float32), axis=0, target=quantiles, ncpus=_THREADS)


def onto_quantiles_dense(X: np.ndarray, quantiles: np.ndarray) -> np.ndarray:
    """Replace every value of X [samples, genes] by the quantile of its rank among the distinct values of its
    sample.

    The distinct values of a sample are spread evenly over the whole distribution, as in the public code of
    D-GEX (GTEx_reqnorm.py): with u of them and g genes the value of rank r = 1, ..., u becomes quantile
    number floor(r g / u), counted from 1. So equal values, such as the zeros of RNA-seq, become the lowest
    ones.
    """
    genes = X.shape[1]
    quantiles = _stretched_to(quantiles, genes)
    found = np.empty(X.shape, np.float32)
    for place, sample in enumerate(np.asarray(X, np.float32)):
        distinct, rank = np.unique(sample, return_inverse=True)
        found[place] = quantiles[(rank + 1) * genes // len(distinct) - 1]
    return found


def _stretched_to(quantiles: np.ndarray, genes: int) -> np.ndarray:
    """Interpolate quantiles at the ranks of so many genes."""
    if len(quantiles) == genes:
        return quantiles
    return np.interp(np.linspace(0, len(quantiles) - 1, genes), np.arange(len(quantiles)), quantiles)


def _sum_of_sorted(samples: np.ndarray) -> np.ndarray:
    samples.sort(axis=1)  # in place: a block belongs to its receiver
    return samples.sum(axis=0, dtype=np.float64)
