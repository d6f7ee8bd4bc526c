"""A matrix whose values pass by in blocks of samples, while its names and annotations are in memory."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.expression.history import KEY
from landmark.progress import Progress, Report

BLOCK_BYTES = 64_000_000
"""Values that pass at once: large enough for the speed of the disk, small beside any memory."""

Blocks = Callable[[], Iterator[np.ndarray]]
"""Starts one pass over the values: float32 [samples of the block, genes], samples in order. Each block is new, so
that whoever receives it may change it."""

Rows = Callable[[np.ndarray], np.ndarray]
"""Reads samples by position, ascending and each once: float32 [len(positions), genes], new."""


@dataclass(frozen=True)
class Stream:
    """A matrix of which only a block is in memory at any time.

    Attributes
    ----------
    about
        The matrix without its values (``X`` is None): ``obs``, ``var`` and ``uns["landmark"]``. Steps that concern
        annotations only, such as ``assign_split``, ``describe`` and ``record``, work on it as on any matrix.
    blocks
        Starts a pass over the values. Several passes give the same values.
    rows
        Reads some samples; for a few of them, since passing is faster.
    """

    about: AnnData
    blocks: Blocks
    rows: Rows

    @property
    def samples(self) -> int:
        """Number of samples."""
        return int(self.about.n_obs)

    @property
    def genes(self) -> int:
        """Number of genes or probes."""
        return int(self.about.n_vars)

    @property
    def bytes(self) -> int:
        """Size of all values as float32."""
        return 4 * self.samples * self.genes

    def reported(self, report: Report, stage: str) -> Iterator[tuple[int, np.ndarray]]:
        """Pass over the values, telling after each block how far it is.

        Yields
        ------
        first
            Position of the block's first sample.
        block
            float32 [samples of the block, genes].
        """
        done = 0
        report(Progress(stage, 0, self.samples, "sample"))
        for block in self.blocks():
            yield done, block
            done += len(block)
            report(Progress(stage, done, self.samples, "sample"))


def rows_at_once(genes: int, most_bytes: int = BLOCK_BYTES) -> int:
    """Tell how many samples of float32 values a block holds, at least one."""
    return max(1, most_bytes // (4 * genes))


def ahead(blocks: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
    """Read the next block while this one is used: unpacking, hashing and writing then share the cores."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = pool.submit(next, blocks, None)
            yield block


def without_values(obs: pd.DataFrame, var: pd.DataFrame, uns: dict) -> AnnData:
    """Make ``Stream.about``: copies of the annotations, the record included, and no values."""
    return AnnData(obs=obs.copy(), var=var.copy(), uns={KEY: dict(uns.get(KEY, {}))})


def from_memory(adata: AnnData) -> Stream:
    """Let a matrix in memory pass as a stream."""
    step = rows_at_once(adata.n_vars)

    def blocks() -> Iterator[np.ndarray]:
        for first in range(0, adata.n_obs, step):
            yield np.array(adata.X[first : first + step], dtype=np.float32, order="C")

    def rows(positions: np.ndarray) -> np.ndarray:
        return np.array(adata.X[positions], dtype=np.float32, order="C")

    return Stream(without_values(adata.obs, adata.var, adata.uns), blocks, rows)


def in_memory(stream: Stream) -> AnnData:
    """Pass over a stream and keep its values: X float32 [samples, genes]."""
    X = np.empty((stream.samples, stream.genes), np.float32)
    first = 0
    for block in stream.blocks():
        X[first : first + len(block)] = block
        first += len(block)
    about = stream.about
    return AnnData(X, obs=about.obs.copy(), var=about.var.copy(), uns={KEY: dict(about.uns[KEY])})


def mapped(stream: Stream, about: AnnData, change: Callable[[np.ndarray], np.ndarray]) -> Stream:
    """Change every sample by itself: ``change`` maps [samples, genes] to [samples, genes of about]."""

    def changed(block: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(
            change(block), np.float32
        )  # choosing genes turns the order of values in memory

    return Stream(
        about,
        lambda: (changed(block) for block in stream.blocks()),
        lambda positions: changed(stream.rows(positions)),
    )


def chosen(stream: Stream, kept: np.ndarray) -> Stream:
    """Keep some samples, given as truth values [samples]."""
    at = np.flatnonzero(kept)

    def blocks() -> Iterator[np.ndarray]:
        first = 0
        for block in stream.blocks():
            here = kept[first : first + len(block)]
            first += len(block)
            if here.any():
                yield block if here.all() else block[here]

    about = stream.about
    return Stream(
        without_values(about.obs[kept], about.var, about.uns),
        blocks,
        lambda positions: stream.rows(at[positions]),
    )
