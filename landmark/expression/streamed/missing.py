"""Missing values of a stream: found in one pass, their genes dropped or filled as the samples pass again."""

import warnings

import numpy as np

from landmark.expression.matrix import record_missing
from landmark.expression.missing import Missing, kept_genes
from landmark.expression.streamed.stream import Stream, chosen, mapped, without_values
from landmark.progress import Report, silent

COLUMNS_BYTES = 256_000_000
"""Genes are gathered for their medians so many bytes at a time: each lot takes a pass."""


def resolve_passing(
    stream: Stream, missing: Missing, report: Report = silent, learned_on: np.ndarray | None = None
) -> Stream:
    """Drop the genes with missing values, or fill in their medians, as ``resolve`` does in memory.

    Raises
    ------
    BadData
        No gene would be left.
    """
    if missing == "refuse":
        return stream
    absent = np.zeros(stream.genes, np.int64)
    for _, block in stream.reported(report, "Looking for missing values"):
        absent += (~np.isfinite(block)).sum(axis=0)
    if not absent.any():
        return stream
    kept = kept_genes(absent, stream.samples, missing)
    about, dropped = stream.about, stream.genes - len(kept)
    left = without_values(about.obs, about.var.iloc[kept], about.uns)
    affected = np.flatnonzero(absent[kept])
    record_missing(left, missing, int(absent[kept].sum()), dropped)
    if not len(affected):
        return mapped(stream, left, lambda X: X[:, kept])
    medians = _medians(stream, kept[affected], report)
    if learned_on is not None:  # a gene that only other samples have takes the median over all
        learned = _medians(chosen(stream, learned_on), kept[affected], report)
        medians = np.where(np.isnan(learned), medians, learned)

    def fill(X: np.ndarray) -> np.ndarray:
        X = X[:, kept]
        known = X[:, affected]
        X[:, affected] = np.where(np.isfinite(known), known, medians)
        return X

    return mapped(stream, left, fill)


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
