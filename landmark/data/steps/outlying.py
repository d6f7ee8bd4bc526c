"""Outlying values: so far from the other values of their gene, and so far beyond what any gene reaches in most samples,
that no expression explains them. Corrections of batches, saturated sensors and slips of the pen leave such values.

A value is outlying only where it is extreme in two ways, each by more than a number of robust deviations (median
absolute deviations, scaled to the standard deviation of a normal distribution):

- from the median of its gene; and
- from the largest (or smallest) values that samples have: from the median of their largest values.

The first alone would take a gene that is on in one tissue only for outlying, the second the genes that are the
highest everywhere, such as those of the mitochondria. A deviation is never taken to be smaller than the typical one,
the median over the genes that vary. What is not logged is judged by log2(1 + |value|) with its sign.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from landmark.data.history import record
from landmark.data.quality import MAD_TO_DEVIATION
from landmark.data.steps.normalise import looks_logged
from landmark.data.steps.stream import Stream, evenly_spaced, mapped, rows_at_once, without_values
from landmark.progress import Report, silent

Outlying = Literal["keep", "nearest", "missing"]

THRESHOLD = 4.0
"""Robust deviations. On the joined tables of RNAseqDB, whose values before the correction of batches are published for
half of the samples, 73 of 75 values that it finds in those were raised more than fourfold by that correction; in
arrays (RMA, MAS5) and cell lines it finds none. Where a matrix has few genes, and the highest ones of a tissue are not
among those of most samples, it takes some of them for outlying."""

FEWEST_SAMPLES = 10  # of fewer, medians say too little: nothing is then outlying
MOST_SAMPLES = 2000  # of more, so many at even distances decide
LEARNED_BYTES = 128_000_000  # and no more values of them than this
COLUMNS = ["sample", "gene", "value", "median", "deviations"]


@dataclass(frozen=True)
class Limits:
    """What is ordinary for every gene, learned from some samples; all arrays [genes]."""

    low: np.ndarray  # float32; -inf where nothing is too low
    high: np.ndarray  # float32; inf where nothing is too high
    # of the gene, on the scale on which it is judged: median, robust deviation
    centre: np.ndarray
    spread: np.ndarray
    logged: bool  # whether values are judged as they are

    def outside(self, values: np.ndarray) -> np.ndarray:
        """Find the outlying of values [samples, genes]: bool of that shape. Missing and infinite ones are not."""
        return np.isfinite(values) & ((values < self.low) | (values > self.high))

    def deviations(self, values: np.ndarray, genes: np.ndarray) -> np.ndarray:
        """Measure how far values are from the medians of their genes, in robust deviations."""
        judged = values if self.logged else _signed_log2(values)
        found: np.ndarray = np.abs(judged - self.centre[genes]) / self.spread[genes]
        return found


def limits_of(X: np.ndarray, threshold: float = THRESHOLD) -> Limits:
    """Learn from X [samples, genes] what is ordinary; missing and infinite values teach nothing."""
    X = np.where(np.isfinite(X), X, np.nan).astype(np.float32, copy=False)
    genes = X.shape[1]
    with warnings.catch_warnings():  # genes and samples without a value have no median
        warnings.simplefilter("ignore", RuntimeWarning)
        centre = _medians(X)
        logged = looks_logged(centre[np.isfinite(centre)]).looks
        if not logged:
            X = _signed_log2(X)
            centre = _medians(X)
        spread = MAD_TO_DEVIATION * _medians(np.abs(X - centre))
        varying = spread[spread > 0]
        if len(X) < FEWEST_SAMPLES or not varying.size:
            none = np.full(genes, np.inf, np.float32)
            return Limits(-none, none, centre, np.ones(genes), logged)
        typical = float(np.median(varying))
        top, bottom = (_ends(most(X, axis=1), typical, threshold) for most in (np.nanmax, np.nanmin))
    spread = np.maximum(spread, typical)
    high = np.maximum(centre + threshold * spread, top[1])
    low = np.minimum(centre - threshold * spread, bottom[0])
    if not logged:
        low, high = _undone(low), _undone(high)
    low, high = np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)
    return Limits(low.astype(np.float32), high.astype(np.float32), centre, spread, logged)


def learn_limits(
    stream: Stream, threshold: float = THRESHOLD, learned_on: np.ndarray | None = None
) -> Limits:
    """Learn what is ordinary from the samples ``learned_on``, bool [samples], by default all; of many, from some."""
    at = np.arange(stream.samples) if learned_on is None else np.flatnonzero(learned_on)
    most = min(MOST_SAMPLES, rows_at_once(stream.genes, LEARNED_BYTES))
    return limits_of(stream.rows(at[evenly_spaced(len(at), most)]), threshold)


@dataclass(frozen=True)
class Found:
    """The outlying values of a matrix."""

    values: int
    genes: int  # that have any
    samples: int
    table: pd.DataFrame  # the furthest: sample, gene, value, median (of the gene), deviations (from it)


def find_outlying(stream: Stream, limits: Limits, report: Report = silent, listed: int = 1000) -> Found:
    """Pass once and count the outlying values; the furthest are listed, at most so many."""
    samples, genes = stream.about.obs_names.to_numpy(object), stream.about.var_names.to_numpy(object)
    hit_genes, values, hit_samples = np.zeros(stream.genes, bool), 0, 0
    furthest = pd.DataFrame({name: [] for name in COLUMNS})
    for first, block in stream.reported(report, "Looking for outlying values"):
        outside = limits.outside(block)
        if not outside.any():
            continue
        values += int(outside.sum())
        hit_samples += int(outside.any(axis=1).sum())
        hit_genes |= outside.any(axis=0)
        row, gene = np.nonzero(outside)
        here = pd.DataFrame(
            {
                "sample": samples[first + row],
                "gene": genes[gene],
                "value": block[row, gene],
                "median": limits.centre[gene] if limits.logged else _undone(limits.centre[gene]),
                "deviations": limits.deviations(block[row, gene], gene),
            }
        )
        both = here if furthest.empty else pd.concat([furthest, here], ignore_index=True)
        furthest = both.sort_values("deviations", ascending=False, kind="stable").head(listed)
    return Found(values, int(hit_genes.sum()), hit_samples, furthest.reset_index(drop=True))


def treat_outlying(
    stream: Stream,
    choice: Outlying,
    threshold: float = THRESHOLD,
    report: Report = silent,
    learned_on: np.ndarray | None = None,
) -> Stream:
    """Treat outlying values: ``nearest`` gives them the nearest ordinary value of their gene, ``missing`` none at all.

    What is ordinary is learned from the samples ``learned_on``, bool [samples], by default all; so is the nearest
    ordinary value, the gene's largest or smallest among them. Values within the limits stay as they are. One pass;
    what was found stands in the history.
    """
    if choice == "keep":
        return stream
    limits = learn_limits(stream, threshold, learned_on)
    count, genes, samples = 0, np.zeros(stream.genes, bool), 0
    lowest, highest = (np.full(stream.genes, np.nan, np.float32) for _ in range(2))
    for first, block in stream.reported(report, "Looking for outlying values"):
        outside = limits.outside(block)
        count, samples = count + int(outside.sum()), samples + int(outside.any(axis=1).sum())
        genes |= outside.any(axis=0)
        if learned_on is not None:
            teaching = learned_on[first : first + len(block)]
            block, outside = block[teaching], outside[teaching]
        ordinary = np.where(outside | ~np.isfinite(block), np.float32(np.nan), block)
        for row in ordinary:
            np.fmin(lowest, row, out=lowest)
            np.fmax(highest, row, out=highest)
    about = without_values(stream.about)
    record(
        about,
        "Outlying values",
        choice=choice,
        threshold=threshold,
        values=count,
        genes=int(genes.sum()),
        samples=samples,
        **({} if learned_on is None else {"learned_on": int(learned_on.sum())}),
    )

    def treated(values: np.ndarray) -> np.ndarray:
        outside = limits.outside(values)
        if choice == "missing":
            return np.where(outside, np.float32(np.nan), values)
        return np.where(outside, np.where(values > limits.high, highest, lowest), values)

    return mapped(stream, about, treated) if count else Stream(about, stream.blocks, stream.rows)


def examples(table: pd.DataFrame, most: int) -> Sequence[str]:
    """Name the furthest outlying values, one of a gene: "KRT13 in GTEX-S32W: 32.6"."""
    few = table.drop_duplicates("gene").head(most)
    return [
        f"{gene} in {sample}: {value:.4g}" for sample, gene, value in few.iloc[:, :3].itertuples(index=False)
    ]


def _medians(X: np.ndarray) -> np.ndarray:
    """Median of every gene over the samples that have a value; much faster where all have one."""
    genes = np.array(X.T, order="C")  # a copy, to be changed in place
    median = np.nanmedian if np.isnan(X).any() else np.median
    found: np.ndarray = median(genes, axis=1, overwrite_input=True)
    return found


def _ends(ends: np.ndarray, typical: float, threshold: float) -> tuple[float, float]:
    """Give what the largest (or smallest) values of samples lie between, but for some: below, above."""
    ends = ends[np.isfinite(ends)]
    middle = float(np.median(ends))
    away = threshold * max(MAD_TO_DEVIATION * float(np.median(np.abs(ends - middle))), typical)
    return middle - away, middle + away


def _signed_log2(values: np.ndarray) -> np.ndarray:
    judged: np.ndarray = np.sign(values) * np.log2(1 + np.abs(values))
    return judged


def _undone(judged: np.ndarray) -> np.ndarray:
    """Undo ``_signed_log2``: float64."""
    with np.errstate(over="ignore"):
        values: np.ndarray = np.sign(judged) * (2.0 ** np.abs(judged.astype(np.float64)) - 1)
    return values
