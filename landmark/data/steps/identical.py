"""Genes that carry the values of another gene in every sample, as fill values do."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Literal

import numpy as np

from landmark.data.history import record
from landmark.data.steps.stream import Stream, mapped, without_values
from landmark.errors import BadData
from landmark.progress import Report, silent

Identical = Literal["keep one", "drop"]


def without_identical(stream: Stream, choice: Identical, report: Report = silent) -> Stream:
    """Leave out genes with the values of another gene in every sample: all of them, or all but the first.

    One pass finds them; they are left out as the samples pass again. BadData: no gene would be left.
    """
    passing = (block for _, block in stream.reported(report, "Looking for genes with the same values"))
    first = first_alike(passing, stream.genes)
    kept = np.flatnonzero(~shared_values(first) if choice == "drop" else first == np.arange(len(first)))
    if not len(kept):
        raise BadData(
            "Every gene has the values of another gene in all samples, so none would be left. Is this the right file?"
        )
    about = without_values(stream.about.obs, stream.about.var.iloc[kept], stream.about.uns)
    record(about, "Genes with the same values", choice=choice, genes_dropped=stream.genes - len(kept))
    return mapped(stream, about, lambda X: X[:, kept])


def first_alike(blocks: Iterable[np.ndarray], genes: int) -> np.ndarray:
    """Find for every gene the first one with the same values (BLAKE2b) in all samples, often itself: int
    [genes].

    The samples come some at a time: float32 [samples of the block, genes].
    """
    digests = [blake2b(digest_size=16) for _ in range(genes)]
    for block in blocks:
        for digest, values in zip(digests, np.ascontiguousarray(block.T), strict=True):
            digest.update(values)
    first: dict[bytes, int] = {}
    return np.array([first.setdefault(digest.digest(), gene) for gene, digest in enumerate(digests)], np.intp)


def shared_values(first: np.ndarray) -> np.ndarray:
    """Find the genes that carry the values of another, given ``first_alike``: bool [genes]."""
    return np.bincount(first, minlength=len(first))[first] > 1
