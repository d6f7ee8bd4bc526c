"""A matrix whose values pass by in blocks of samples; stored as AnnData (h5ad) row after row, and read again."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import anndata
import h5py
import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.data.history import KEY
from landmark.data.io.hdf5 import sample_blocks, sample_rows
from landmark.errors import BadData
from landmark.progress import Progress, Report, silent

BLOCK_BYTES = 64_000_000
"""Values that pass at once: large enough for the speed of the disk, small beside any memory."""

Blocks = Callable[[], Iterator[np.ndarray]]
"""Starts one pass over the values: float32 [samples of the block, genes], samples in order. Each block is new, so
that whoever receives it may change it."""

Rows = Callable[[np.ndarray], np.ndarray]
"""Reads samples by position, ascending and each once: float32 [len(positions), genes], new."""


@dataclass(frozen=True)
class Stream:
    """A matrix of which only a block is in memory at any time."""

    # the matrix without its values (``X`` is None): ``obs``, ``var`` and ``uns["landmark"]``. Steps that
    # concern annotations only, such as ``assign_split``, ``describe`` and ``record``, work on it as on any
    # matrix.
    about: AnnData
    blocks: Blocks  # starts a pass over the values. Several passes give the same values.
    rows: Rows  # reads some samples; for a few of them, since passing is faster

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

        Yields the position of the block's first sample, and the block, float32 [samples of the block, genes].
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


def evenly_spaced(count: int, most: int) -> np.ndarray:
    """Choose at most so many of the positions below ``count``, first and last among them: ascending, each once."""
    return np.unique(np.linspace(0, count - 1, min(most, count)).round().astype(int))


def ahead(blocks: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
    """Read the next block while this one is used: unpacking, hashing and writing then share the cores."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = pool.submit(next, blocks, None)
            yield block


def without_values(
    adata: AnnData, obs: pd.DataFrame | None = None, var: pd.DataFrame | None = None
) -> AnnData:
    """Make ``Stream.about``: copies of the annotations, or of others instead, the record included, and no values."""
    return AnnData(
        obs=(adata.obs if obs is None else obs).copy(),
        var=(adata.var if var is None else var).copy(),
        uns={KEY: dict(adata.uns.get(KEY, {}))},
    )


def from_memory(adata: AnnData) -> Stream:
    """Let a matrix in memory pass as a stream."""
    step = rows_at_once(adata.n_vars)

    def blocks() -> Iterator[np.ndarray]:
        for first in range(0, adata.n_obs, step):
            yield np.array(adata.X[first : first + step], dtype=np.float32, order="C")

    def rows(positions: np.ndarray) -> np.ndarray:
        return np.array(adata.X[positions], dtype=np.float32, order="C")

    return Stream(without_values(adata), blocks, rows)


def in_memory(stream: Stream) -> AnnData:
    """Pass over a stream and keep its values: X float32 [samples, genes]."""
    X = np.empty((stream.samples, stream.genes), np.float32)
    first = 0
    for block in stream.blocks():
        X[first : first + len(block)] = block
        first += len(block)
    filled = without_values(stream.about)
    filled.X = X
    return filled


def mapped(stream: Stream, about: AnnData, change: Callable[[np.ndarray], np.ndarray]) -> Stream:
    """Change every sample by itself: ``change`` maps [samples, genes] to [samples, genes of about]."""

    def changed(block: np.ndarray) -> np.ndarray:
        # Choosing genes turns the order of values in memory.
        return np.ascontiguousarray(change(block), np.float32)

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

    about = without_values(stream.about, obs=stream.about.obs[kept])
    return Stream(about, blocks, lambda positions: stream.rows(at[positions]))


def chosen_genes(stream: Stream, kept: np.ndarray) -> Stream:
    """Keep some genes, given by position."""
    about = without_values(stream.about, var=stream.about.var.iloc[kept])
    return mapped(stream, about, lambda X: X[:, kept])


MATRIX = "X"
ARRAY = {"encoding-type": "array", "encoding-version": "0.2.0"}
"""How AnnData marks a dense matrix in its files."""

SPARE_BYTES = 200_000_000  # left free on the disk beside the values: for annotations, and for others


def write_stored(
    stream: Stream, path: Path, report: Report = silent, stage: str = "Storing the dataset"
) -> str:
    """Write a stream as h5ad with float32 values, each sample in one piece so that training reads rows at full speed.

    Returns the SHA-256 of the content, in hexadecimal: values as float32 in row order, ``obs`` and ``var`` as CSV,
    ``uns["landmark"]`` as JSON. The file must not exist; a failure leaves it half-written for the caller to remove.
    BadData: the disk has not enough room, or the stream's values cannot be used.
    """
    check_room(stream.bytes, path.parent)
    about = stream.about.copy()  # writing turns text into categories
    facts = {name: np.asarray(value).tolist() for name, value in about.uns[KEY].items()}
    parts = (about.obs.to_csv(), about.var.to_csv(), json.dumps(facts, sort_keys=True))
    about.write_h5ad(path)
    digest = hashlib.sha256()
    with h5py.File(path, "r+") as file:
        matrix = file.create_dataset(MATRIX, (stream.samples, stream.genes), "f4", fill_time="never")
        matrix.attrs.update(ARRAY)
        for first, block in stream.reported(report, stage):
            digest.update(block.data)
            matrix[first : first + len(block)] = block
    for part in parts:
        digest.update(part.encode())
    return digest.hexdigest()


def stored(path: Path) -> Stream:
    """Let a matrix that ``write_stored`` wrote pass as a stream."""
    opened = anndata.read_h5ad(path, backed="r")
    try:
        about = without_values(opened)
    finally:
        opened.file.close()

    def blocks() -> Iterator[np.ndarray]:
        with h5py.File(path, "r") as file:
            yield from ahead(sample_blocks(file[MATRIX], "columns", BLOCK_BYTES))

    def rows(positions: np.ndarray) -> np.ndarray:
        with h5py.File(path, "r") as file:
            return sample_rows(file[MATRIX], "columns", positions)

    return Stream(about, blocks, rows)


def check_room(needed: int, folder: Path, what: str = "The matrix") -> None:
    """Refuse with BadData what the disk cannot hold: ``needed`` bytes beside ``SPARE_BYTES``."""
    free = shutil.disk_usage(folder).free
    if needed + SPARE_BYTES > free:
        raise BadData(
            f"{what} needs {_size(needed)} on the disk, {_size(SPARE_BYTES)} more are kept free there, and only "
            f"{_size(free)} are free at {folder}. Free some space, or use a larger disk: for datasets, LANDMARK_HOME "
            "says which."
        )


def _size(count: int) -> str:
    """Write a number of bytes in the unit that suits it."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:,.1f} {unit}".replace(".0 ", " ")
    return f"{count} bytes"
