"""Missing and infinite values of a matrix: refused, their genes dropped, or filled with the gene's median."""

import warnings
from collections.abc import Iterator
from typing import Literal

import numpy as np

from landmark.data.history import record
from landmark.data.steps.stream import Stream, chosen, chosen_genes, mapped
from landmark.errors import BadData
from landmark.progress import Report, silent

Missing = Literal["refuse", "drop genes", "gene median", "leave"]
"""``leave``: missing values stay, to be filled once it is known which samples train."""

COLUMNS_BYTES = 256_000_000
"""Genes are gathered for their medians so many bytes at a time: each lot takes a pass."""


def resolve_missing(
    stream: Stream, missing: Missing, report: Report = silent, learned_on: np.ndarray | None = None
) -> Stream:
    """Drop genes with missing values, or fill in the median of the gene's other samples; it stands in the history.

    NaN and infinite values, as of the logarithm of 0, are missing. Medians are those of the samples ``learned_on``,
    bool [samples], by default all; genes without any value have none and are dropped with any choice. ``refuse``
    leaves all as it is: the checks then refuse the matrix. ``leave`` drops genes without any value and fills nothing.
    BadData: no gene would be left.
    """
    if missing == "refuse":
        return stream
    absent = np.zeros(stream.genes, np.int64)
    for _, block in stream.reported(report, "Looking for missing values"):
        absent += (~np.isfinite(block)).sum(axis=0)
    if not absent.any():
        return stream
    kept = _kept_genes(absent, stream.samples, missing)
    dropped = stream.genes - len(kept)
    if missing == "leave" and not dropped:
        return stream
    left = chosen_genes(stream, kept)
    if missing == "leave":
        record(left.about, "Genes without any value", genes_dropped=dropped)
        return left
    filled = int(absent[kept].sum())
    record(left.about, "Missing values", choice=missing, values_filled=filled, genes_dropped=dropped)
    affected = np.flatnonzero(absent[kept])
    if not len(affected):
        return left
    medians = _medians(stream, kept[affected], report)
    if learned_on is not None:  # a gene that only other samples have takes the median over all
        learned = _medians(chosen(stream, learned_on), kept[affected], report)
        medians = np.where(np.isnan(learned), medians, learned)

    def fill(X: np.ndarray) -> np.ndarray:
        known = X[:, affected]
        X[:, affected] = np.where(np.isfinite(known), known, medians)
        return X

    return mapped(left, left.about, fill)


def all_finite(stream: Stream) -> Stream:
    """Refuse missing and infinite values at the end of each pass, when it is known how many there are.

    BadData from ``blocks``: how many values, in how many genes and samples, and where the first is. Steps
    behind this one meet such values before.
    """
    return Stream(stream.about, lambda: _looking(stream), stream.rows)


def check_finite(stream: Stream) -> None:
    """Refuse missing and infinite values, as ``all_finite`` does, in a pass of its own."""
    for _ in _looking(stream):
        pass


def _kept_genes(absent: np.ndarray, samples: int, missing: Missing) -> np.ndarray:
    """Positions of the genes that a choice keeps, given how many values each lacks."""
    if missing != "drop genes":
        kept = np.flatnonzero(absent < samples)
        if not len(kept):
            raise BadData("No gene has a value in any sample. Is this the right file?")
        return kept
    kept = np.flatnonzero(absent == 0)
    if not len(kept):
        remedy = "Fill them instead." if (absent < samples).any() else "Is this the right file?"
        raise BadData(f"Every gene has missing or infinite values, so none would be left. {remedy}")
    return kept


def _medians(stream: Stream, genes: np.ndarray, report: Report) -> np.ndarray:
    """Median of some genes over the samples that have a value: float32 [genes]."""
    at_once = max(1, COLUMNS_BYTES // (4 * stream.samples))
    lots = [genes[start : start + at_once] for start in range(0, len(genes), at_once)]
    medians = []
    for number, lot in enumerate(lots, 1):
        values = np.empty((stream.samples, len(lot)), np.float32)
        for first, block in stream.reported(
            report, f"Medians of incomplete genes, pass {number} of {len(lots)}"
        ):
            values[first : first + len(block)] = block[:, lot]
        values[~np.isfinite(values)] = np.nan
        with warnings.catch_warnings():  # a gene without a value among these samples is NaN
            warnings.simplefilter("ignore", RuntimeWarning)
            medians.append(np.nanmedian(values, axis=0))
    return np.concatenate(medians)


def _looking(stream: Stream) -> Iterator[np.ndarray]:
    genes = np.zeros(stream.genes, dtype=bool)
    count = samples = passed = 0
    first = ""
    for block in stream.blocks():
        # One sum decides for almost all blocks, without a mask as large as the block.
        with np.errstate(invalid="ignore", over="ignore"):
            sound = bool(np.isfinite(block.sum(dtype=np.float64)))
        if not sound:
            bad = ~np.isfinite(block)
            if not first and bad.any():
                row, column = (int(i) for i in np.argwhere(bad)[0])
                kind = "missing" if np.isnan(block[row, column]) else "infinite"
                sample, gene = stream.about.obs_names[passed + row], stream.about.var_names[column]
                first = f"{kind}: sample {sample!r}, gene {gene!r}"
            genes |= bad.any(axis=0)
            samples += int(bad.any(axis=1).sum())
            count += int(bad.sum())
        passed += len(block)
        yield block
    if count:
        raise BadData(
            f"{count:,} of {stream.samples * stream.genes:,} values are missing or infinite, in {int(genes.sum()):,} "
            f"genes and {samples:,} samples; the first is {first}. Fill them or remove these genes."
        )
