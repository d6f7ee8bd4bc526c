"""A matrix in an HDF5 file, read in blocks of samples that suit the way it is stored."""

from collections.abc import Iterator

import h5py
import numpy as np

TALLEST_CHUNK_BYTES = 512_000_000
"""Up to this size a block follows the chunks of the file. Taller chunks are unpacked once for every block they meet."""


def all_values(matrix: h5py.Dataset) -> np.ndarray:
    """Read a whole matrix as float32, its axes as in the file."""
    values = np.empty(matrix.shape, dtype=np.float32)
    matrix.read_direct(values)
    return values


def no_values(shape: tuple[int, int]) -> np.ndarray:
    """Stand in for values that stay in the file: zeros of this shape that take no memory."""
    return np.broadcast_to(np.float32(0), shape)


def sample_blocks(matrix: h5py.Dataset, genes_in: str, most_bytes: int) -> Iterator[np.ndarray]:
    """Read a stored matrix, some samples at a time.

    A file may be cut into chunks, each packed by itself. Blocks end where chunks end, so that none is unpacked twice.

    Parameters
    ----------
    matrix
        Numbers, two axes.
    genes_in
        ``columns`` if the file has samples x genes, ``rows`` if it has genes x samples.
    most_bytes
        Memory of a block as float32, unless a single chunk is larger.

    Yields
    ------
    numpy.ndarray
        float32 [samples of the block, genes], in the order of the file.
    """
    axis = 0 if genes_in == "columns" else 1
    samples, genes = matrix.shape[axis], matrix.shape[1 - axis]
    step = _step(matrix, axis, most_bytes // (4 * genes))
    for first in range(0, samples, step):
        last = min(first + step, samples)
        if axis == 0:
            block = np.empty((last - first, genes), np.float32)
            matrix.read_direct(block, np.s_[first:last])
            yield block
        else:
            turned = np.empty((genes, last - first), np.float32)
            matrix.read_direct(turned, np.s_[:, first:last])
            yield np.ascontiguousarray(turned.T)


def sample_rows(matrix: h5py.Dataset, genes_in: str, positions: np.ndarray) -> np.ndarray:
    """Read some samples of a stored matrix: float32 [len(positions), genes]; positions ascend, each once."""
    runs = np.split(positions, np.flatnonzero(np.diff(positions) > 1) + 1)
    parts = [slice(int(run[0]), int(run[-1]) + 1) for run in runs if len(run)]
    if genes_in == "columns":
        result = np.empty((len(positions), matrix.shape[1]), np.float32)
        place = 0
        for part in parts:
            length = part.stop - part.start
            matrix.read_direct(result, np.s_[part], np.s_[place : place + length])
            place += length
        return result
    columns = [matrix[:, part] for part in parts]
    return np.ascontiguousarray(np.concatenate(columns, axis=1).T, dtype=np.float32)


def _step(matrix: h5py.Dataset, axis: int, wanted: int) -> int:
    """Samples per block: a multiple of the chunks' where that is not too much."""
    if matrix.chunks is None:
        return max(1, wanted)
    tall, genes = matrix.chunks[axis], matrix.shape[1 - axis]
    if tall <= wanted:
        return wanted // tall * tall
    return tall if 4 * tall * genes <= TALLEST_CHUNK_BYTES else max(1, wanted)
