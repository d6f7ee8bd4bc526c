"""How samples reach the devices: all at once where they fit, else window by window while training runs."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import jax
import numpy as np
from jax.sharding import Mesh

from landmark.progress import Progress, Report
from landmark.training.data import Source, in_batches, portions, window_rows
from landmark.training.mesh import put, replicated, shared_out


@dataclass(frozen=True)
class Block:
    """Samples on the devices, arrays [rows, width] on every one, and the steps that use them.

    ``batches`` are indices into the data, [steps, batch] with -1 for no sample, the batch shared among the devices.
    ``steps`` of them hold samples; what follows only fills up a last, shorter window.
    """

    data: tuple[jax.Array, ...]
    batches: jax.Array
    steps: int


class Placement(ABC):
    """Samples ready to be visited in any order."""

    def __init__(self, source: Source, batch_size: int, mesh: Mesh) -> None:
        self.source, self.batch_size, self.mesh = source, batch_size, mesh

    @property
    def samples(self) -> int:
        """Number of samples."""
        return self.source.samples

    @abstractmethod
    def blocks(self, order: np.ndarray) -> Iterator[Block]:
        """Visit the samples in an order, [samples]."""

    def _batches(self, order: np.ndarray) -> jax.Array:
        batches = in_batches(order, self.batch_size, self.mesh.size)
        return put(batches, shared_out(self.mesh, 1))

    def _steps(self, order: np.ndarray) -> int:
        return -(-len(order) // self.batch_size)


class Resident(Placement):
    """All samples stay on every device; one block is one epoch."""

    def __init__(self, source: Source, batch_size: int, mesh: Mesh, report: Report) -> None:
        super().__init__(source, batch_size, mesh)
        arrays = [np.empty((source.samples, width), np.float32) for width in source.widths]
        for rows in portions(source.samples):
            report(Progress("Reading samples", int(rows[0]), source.samples, "sample"))
            for array, part in zip(arrays, source.read(rows), strict=True):
                array[rows[0] : rows[-1] + 1] = part
        self.data = tuple(put(array, replicated(mesh)) for array in arrays)

    def blocks(self, order: np.ndarray) -> Iterator[Block]:
        """Visit the samples in an order, as one block."""
        yield Block(self.data, self._batches(order), self._steps(order))


class Streamed(Placement):
    """Windows of samples come one after the other; while one trains, a thread reads the next."""

    def blocks(self, order: np.ndarray) -> Iterator[Block]:
        """Visit the samples in an order, one block per window."""
        rows = window_rows(self.batch_size)
        parts = [order[first : first + rows] for first in range(0, len(order), rows)]
        height = min(rows, len(order))
        with ThreadPoolExecutor(1, "read-ahead") as reader:
            ahead: Future[tuple[np.ndarray, ...]] = reader.submit(self._read, parts[0], height)
            for number, part in enumerate(parts):
                arrays = ahead.result()
                if number + 1 < len(parts):
                    ahead = reader.submit(self._read, parts[number + 1], height)
                data = tuple(put(array, replicated(self.mesh)) for array in arrays)
                del arrays
                # Rows were read in file order: a sample's place in the block is its rank.
                place = np.argsort(np.argsort(part)).astype(np.int32)
                yield Block(data, self._batches(self._fill(place, height)), self._steps(part))

    def _read(self, part: np.ndarray, height: int) -> tuple[np.ndarray, ...]:
        """Read the samples of a window in file order, filled up with zeros to one height for all."""
        read = self.source.read(np.sort(part))
        if len(part) == height:
            return read
        return tuple(np.concatenate([a, np.zeros((height - len(a), a.shape[1]), a.dtype)]) for a in read)

    @staticmethod
    def _fill(place: np.ndarray, height: int) -> np.ndarray:
        return np.concatenate([place, np.full(height - len(place), -1, np.int32)])


def place(source: Source, batch_size: int, mesh: Mesh, report: Report, resident: bool) -> Resident | Streamed:
    """Put samples where training finds them."""
    if resident:
        return Resident(source, batch_size, mesh, report)
    return Streamed(source, batch_size, mesh)
