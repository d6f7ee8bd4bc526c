"""Quantile normalisation in two passes: the mean of the sorted samples, then each value onto the quantile of its rank.

The distribution of Bolstad et al., Bioinformatics 19:185 (2003), and the treatment of equal values are those of
``landmark.expression.prepare``.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from landmark.expression.history import record
from landmark.expression.prepare import onto_quantiles, stretched
from landmark.expression.streamed.stream import Stream, chosen, mapped, without_values
from landmark.progress import Report, silent


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


def quantile_normalise_passing(
    stream: Stream,
    low: float | None = None,
    high: float | None = None,
    report: Report = silent,
    learned_on: np.ndarray | None = None,
) -> Stream:
    """Give every sample the same distribution of values, as ``quantile_normalise``.

    Parameters
    ----------
    stream
        Passed over at once; a second time whenever the result is.
    low, high
        If both are given, the common distribution is stretched to this range.
    report
        Receives the progress of the first pass.
    learned_on
        Samples whose mean is the distribution, bool [samples]; by default all.

    Raises
    ------
    BadData
        A range is asked for, but all values are equal.
    """
    quantiles = quantiles_of(stream, report, learned_on)
    if low is not None and high is not None:
        quantiles = stretched(quantiles, low, high)
    about = without_values(stream.about.obs, stream.about.var, stream.about.uns)
    learned = {} if learned_on is None else {"learned_on": int(learned_on.sum())}
    record(about, "Quantile normalisation", low=low, high=high, **learned)
    return mapped(stream, about, lambda X: onto_quantiles(X, quantiles))


def _sum_of_sorted(samples: np.ndarray) -> np.ndarray:
    samples.sort(axis=1)  # in place: a block belongs to its receiver
    return samples.sum(axis=0, dtype=np.float64)
