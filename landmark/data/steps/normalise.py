"""Units of expression: logarithm and quantile normalisation, whether values are logged, whether units differ.

Quantile normalisation (Bolstad et al., Bioinformatics 19:185, 2003) takes two passes: the mean of the sorted samples,
then each value onto the quantile of its rank.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from landmark.data.history import describe, fact, record
from landmark.data.split import training_rows
from landmark.data.steps.stream import Stream, chosen, mapped, without_values
from landmark.errors import BadData
from landmark.progress import Report, silent

PAPER_RANGE = (4.0, 15.0)  # the range of log2 values after quantile normalisation in Kong et al. 2021
_THREADS = min(4, os.cpu_count() or 1)  # threads of qnorm; it says itself that more than four gain nothing


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
    from qnorm import quantile_normalize  # it compiles, which takes seconds

    quantiles = _stretched_to(quantiles, X.shape[1])
    return quantile_normalize(np.asarray(X, np.float32), axis=0, target=quantiles, ncpus=_THREADS)


def onto_quantiles_dense(X: np.ndarray, quantiles: np.ndarray) -> np.ndarray:
    """Replace every value of X [samples, genes] by the quantile of its rank among the distinct values of its sample.

    The distinct values of a sample are spread evenly over the whole distribution, as in the public code of D-GEX
    (GTEx_reqnorm.py): with u of them and g genes the value of rank r = 1, ..., u becomes quantile number floor(r g /
    u), counted from 1. So equal values, such as the zeros of RNA-seq, become the lowest ones.
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


LARGEST_LOGGED = 25
"""Logarithms of expression, and differences of them, stay within this: 2 to the 25th is 33 million."""

SAMPLED_VALUES = 2_000_000  # of more values, so many are looked at


@dataclass(frozen=True)
class Logged:
    """Whether the values look logged."""

    looks: bool  # true if they do, or if a logarithm makes no sense
    reason: str  # why, one sentence with the figures


def looks_logged(values: np.ndarray) -> Logged:
    """Judge whether finite values, of many an even selection, are logged, by the rule of NCBI's GEO2R script.

    Not logged if the 99% quantile exceeds 100, or if the range exceeds 50 and the 25% quantile is above 0.
    Negative values decide nothing by themselves: average differences of early Affymetrix software go below
    -20,000. Where the range exceeds 50 and the lowest is below any logged value, values are not logged
    either.
    """
    if not values.size:
        return Logged(True, "There are no values to judge by.")
    flat = values.ravel()
    first, almost = np.quantile(flat[:: max(1, flat.size // SAMPLED_VALUES)], [0.25, 0.99])
    low, high = float(flat.min()), float(flat.max())
    span = f"Values run from {_figure(low)} to {_figure(high)}"
    if almost > 100 or (high - low > 50 and (first > 0 or low < -LARGEST_LOGGED)):
        if low < 0:
            return Logged(
                False, f"{span}: logged values stay between about -{LARGEST_LOGGED} and {LARGEST_LOGGED}."
            )
        return Logged(False, f"{span}: logged values stay below about {LARGEST_LOGGED}.")
    if low < 0:
        return Logged(
            True, f"{span}: negative values of this size are logged, or differences of logged values."
        )
    return Logged(True, f"{span}, as logged values do.")


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


CENTRED = 0.2
"""Values of which so many are negative vary around zero, as standardised values and differences do."""
POSITIVE = 0.02  # of expression values and their logarithms not more than this is negative
REMEDY = "choose joint quantile normalisation, which looks at ranks only"


def difference(matrices: Sequence[np.ndarray], units: Sequence[str], titles: Sequence[str]) -> str:
    """Say in a sentence how the units of matrices [samples, genes] differ; empty where that does not show.

    ``units`` are those stated with each; empty where nothing is.
    """
    finite = [X[np.isfinite(X)] for X in matrices]
    logged = [looks_logged(values) for values in finite]
    if len({found.looks for found in logged}) > 1:
        return _not_logged(logged, titles)
    around = [varies_around_zero(values) for values in finite]
    centred = next((i for i, found in enumerate(around) if found is True), None)
    positive = next((i for i, found in enumerate(around) if found is False), None)
    if centred is not None and positive is not None:
        stated = f" ({units[centred]})" if units[centred] else ""
        return (
            f"The values of {titles[centred]!r} vary around zero{stated}, as standardised values do, and those of "
            f"{titles[positive]!r} are positive: they are in different units. Merge datasets that were prepared alike, "
            f"or {REMEDY}."
        )
    known = {unit: title for unit, title in zip(units, titles, strict=True) if unit}
    if len(known) > 1:
        (one, first), (two, second) = list(known.items())[:2]
        return f"{first!r} is in {one}, {second!r} in {two}. Prepare them alike first, or {REMEDY}."
    return ""


def varies_around_zero(values: np.ndarray) -> bool | None:
    """Say whether finite values vary around zero, or are positive (False); None where they may be either."""
    negative = float(np.mean(values < 0)) if values.size else 0.0
    return True if negative >= CENTRED else False if negative <= POSITIVE else None


def _not_logged(logged: Sequence[Logged], titles: Sequence[str]) -> str:
    yes = next(i for i, found in enumerate(logged) if found.looks)
    no = next(i for i, found in enumerate(logged) if not found.looks)
    return (
        f"{titles[no]!r} is not logged ({logged[no].reason.split(':')[0].lower()}), while {titles[yes]!r} is. Take "
        f"log2 of {titles[no]!r} on the Prepare page first, or {REMEDY}."
    )
