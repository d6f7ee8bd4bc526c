"""Where training samples come from: arrays in memory, files, and views on both."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import h5py
import numpy as np

from landmark.data.scaling import STANDARD_DEVIATION_FLOOR, Kind, Scaling, mean_and_squares
from landmark.errors import BadData

PORTION = 512
"""Samples that are looked at together where their order does not matter."""


class Source(Protocol):
    """Samples that can be read in any order, each made of one or more rows of numbers."""

    @property
    def samples(self) -> int:
        """Number of samples."""
        ...

    @property
    def widths(self) -> tuple[int, ...]:
        """Columns of each array that ``read`` returns."""
        ...

    def read(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Read samples by index, each array new, float32 [len(rows), width]."""
        ...


def size_bytes(source: Source) -> int:
    """Memory of all samples as float32, in bytes."""
    return source.samples * sum(source.widths) * np.dtype(np.float32).itemsize


@dataclass(frozen=True)
class Arrays:
    """Samples in memory: arrays [samples, width] with one row per sample each."""

    arrays: tuple[np.ndarray, ...]

    @property
    def samples(self) -> int:
        """Number of samples."""
        return len(self.arrays[0])

    @property
    def widths(self) -> tuple[int, ...]:
        """Columns of each array."""
        return tuple(array.shape[1] for array in self.arrays)

    def read(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Read samples by index."""
        return tuple(np.asarray(array[rows], np.float32) for array in self.arrays)


@dataclass(frozen=True)
class _View:
    """Looks at another source."""

    source: Source

    @property
    def samples(self) -> int:
        """Number of samples."""
        return self.source.samples

    @property
    def widths(self) -> tuple[int, ...]:
        """Columns of each array."""
        return self.source.widths


@dataclass(frozen=True)
class Columns(_View):
    """Some columns of a source of one array."""

    columns: np.ndarray

    @property
    def widths(self) -> tuple[int, ...]:
        """Number of columns."""
        return (len(self.columns),)

    def read(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Read samples by index."""
        (X,) = self.source.read(rows)
        return (X[:, self.columns],)


@dataclass(frozen=True)
class Scaled(_View):
    """A source whose one array is scaled while it is read."""

    scaling: Scaling

    def read(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Read and scale samples by index."""
        (X,) = self.source.read(rows)
        # As Scaling.apply, but in place: a window of samples may be large.
        X -= self.scaling.shift
        X /= self.scaling.scale
        return (X,)


@dataclass(frozen=True)
class Paired:
    """Two sources side by side: row i of both belongs to the same sample."""

    first: Source
    second: Source

    @property
    def samples(self) -> int:
        """Number of samples."""
        return self.first.samples

    @property
    def widths(self) -> tuple[int, ...]:
        """Columns of the arrays of both."""
        return self.first.widths + self.second.widths

    def read(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Read samples by index."""
        return self.first.read(rows) + self.second.read(rows)


@dataclass(frozen=True)
class Chosen(_View):
    """Some samples of a source: row i is row ``rows[i]`` of the source."""

    rows: np.ndarray

    @property
    def samples(self) -> int:
        """Number of chosen samples."""
        return len(self.rows)

    def read(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Read samples by index among the chosen ones."""
        return self.source.read(self.rows[rows])


@dataclass(frozen=True)
class Rows:
    """Some samples of a source of one array, sliced like an array [samples, genes] and read slice by slice."""

    source: Source
    chosen: np.ndarray

    @classmethod
    def all(cls, source: Source) -> Self:
        """Take all samples of a source."""
        return cls(source, np.arange(source.samples))

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of samples and genes."""
        return len(self.chosen), self.source.widths[0]

    def __len__(self) -> int:
        return len(self.chosen)

    def __getitem__(self, place: slice | np.ndarray) -> np.ndarray:
        (X,) = self.source.read(self.chosen[place])
        return X


Samples = np.ndarray | Rows
"""Samples sliced like an array [samples, genes]: in memory, or read as they are asked for."""


def part_of(X: Samples, place: np.ndarray | slice) -> Samples:
    """Choose samples by place or truth value: of an array as an array, else without reading them."""
    return Rows(X.source, X.chosen[place]) if isinstance(X, Rows) else X[place]


def columns_of(X: Samples, columns: np.ndarray) -> Samples:
    """Choose genes by place: of an array as an array, else without reading them."""
    return Rows(Columns(X.source, columns), X.chosen) if isinstance(X, Rows) else X[:, columns]


def scaled(X: Samples, scaling: Scaling) -> Samples:
    """Scale samples: an array at once, else as they are read."""
    return Rows(Scaled(X.source, scaling), X.chosen) if isinstance(X, Rows) else scaling.apply(X)


def passing(X: Samples) -> Iterator[tuple[slice, np.ndarray]]:
    """Let samples pass, some hundreds at a time: their places and values [samples of the portion, genes]."""
    for first in range(0, len(X), PORTION):
        places = slice(first, min(first + PORTION, len(X)))
        yield places, X[places]


def in_memory(X: Samples) -> np.ndarray:
    """Read all samples, float32 [samples, genes]; an array is returned as it is."""
    if isinstance(X, np.ndarray):
        return X
    found = np.empty(X.shape, np.float32)
    for places, values in passing(X):
        found[places] = values
    return found


def variances(X: Samples) -> np.ndarray:
    """Compute the variance of every gene over samples, float64 [genes]."""
    _, squares, samples = mean_and_squares((values for _, values in passing(X)), X.shape[1])
    return squares / samples


def scaling_of(X: Samples, kind: Kind = "standardise") -> Scaling:
    """Learn the scaling of samples; BadData if those that are read have missing or infinite values."""
    return Scaling.learn(X, kind) if isinstance(X, np.ndarray) else learn_scaling(as_source(X, "X"), kind)


def as_source(data: Samples | Source, name: str) -> Source:
    """Take samples [samples, width] or a source; BadData if an array is not a table of numbers."""
    if isinstance(data, Rows):
        return Chosen(data.source, data.chosen)
    if not isinstance(data, np.ndarray):
        return data
    if data.ndim != 2 or 0 in data.shape:
        raise BadData(
            f"{name} must be a table of samples x genes with at least one of each; it has shape {data.shape}."
        )
    if data.dtype.kind not in "fiu":
        raise BadData(f"{name} must hold numbers; it holds {data.dtype}.")
    return Arrays((data,))


def portions(samples: int) -> Iterator[np.ndarray]:
    """Indices of all samples in file order, some hundreds at a time."""
    for first in range(0, samples, PORTION):
        yield np.arange(first, min(first + PORTION, samples), dtype=np.int32)


def learn_scaling(source: Source, kind: Kind) -> Scaling:
    """Learn ``Scaling`` from a source of one array, a portion of rows at a time.

    Memory stays bounded, and the result does not depend on where the rows lie. Raises BadData if a value is missing or
    infinite.
    """
    (genes,) = source.widths
    if kind == "unit":
        low, high = np.full(genes, np.inf), np.full(genes, -np.inf)
        for X in _finite(source):
            low, high = np.minimum(low, X.min(axis=0)), np.maximum(high, X.max(axis=0))
        return _affine(low, np.maximum(high - low, STANDARD_DEVIATION_FLOOR))
    mean, squares, seen = mean_and_squares(_finite(source), genes)
    if kind == "centre":
        return _affine(mean, np.ones(genes))
    return _affine(mean, np.sqrt(squares / seen) + STANDARD_DEVIATION_FLOOR)


def _finite(source: Source) -> Iterator[np.ndarray]:
    """Let samples pass; BadData if a value is missing or infinite."""
    for rows in portions(source.samples):
        (X,) = source.read(rows)
        if not np.isfinite(X).all():
            raise BadData(
                f"{int((~np.isfinite(X).all(axis=0)).sum())} genes have missing or infinite values in the "
                "training samples; remove these genes or fill them in before training."
            )
        yield X


def _affine(shift: np.ndarray, scale: np.ndarray) -> Scaling:
    return Scaling(shift.astype(np.float32), scale.astype(np.float32))


RUN = 16
"""Neighbouring rows that travel together between windows, so that a file is read in stretches."""

WINDOW = 4096
"""Rows, about, that are shuffled among each other and read from a file at once."""


def window_rows(batch_size: int) -> int:
    """Rows of one window: a whole number of batches, about ``WINDOW`` rows."""
    return batch_size * max(1, WINDOW // batch_size)


def epoch_order(samples: int, batch_size: int, seed: int, epoch: int) -> np.ndarray:
    """Shuffle the samples for one epoch: int32 permutation of their indices, [samples].

    Runs of ``RUN`` neighbouring rows are put in random order and cut into windows; the rows of a window are shuffled
    among each other. Up to one window of samples this is a plain permutation. Data in memory and data on disk use the
    same order, so that both give the same result, and it follows from seed and epoch alone, so that a resumed training
    goes on as if it had not stopped.
    """
    random = np.random.default_rng([seed, epoch])
    starts = random.permutation(np.arange(0, samples, RUN, dtype=np.int32))
    order = (starts[:, None] + np.arange(RUN, dtype=np.int32)).ravel()
    order = order[order < samples]
    rows = window_rows(batch_size)
    for first in range(0, samples, rows):
        random.shuffle(order[first : first + rows])
    return order


def in_batches(order: np.ndarray, batch_size: int, multiple: int = 1) -> np.ndarray:
    """Cut an order [rows] into steps, int32 [steps, batch], filled up with -1 for no sample.

    The batch is ``batch_size`` rounded up to a ``multiple``, the number of devices.
    """
    steps = -(-len(order) // batch_size)
    batches = np.full((steps, -(-batch_size // multiple) * multiple), -1, np.int32)
    filled = np.full(steps * batch_size, -1, np.int32)
    filled[: len(order)] = order
    batches[:, :batch_size] = filled.reshape(steps, batch_size)
    return batches


GAP = 16
"""Rows not asked for that are read along rather than jumped over."""

STRETCH = 512
"""Rows at most read at once: bounds the memory beside the result."""


@dataclass(frozen=True)
class StoredMatrix:
    """Rows of a dense matrix [samples, genes] in an HDF5 file, such as ``X`` of a stored dataset.

    Opened anew for every reading, so that it can be handed to any thread. ``rows`` are the file's row of each sample,
    [samples], and ``columns`` its columns to keep, [width].
    """

    path: Path
    dataset: str
    rows: np.ndarray
    columns: np.ndarray

    @classmethod
    def open(
        cls,
        path: Path,
        dataset: str = "X",
        *,
        rows: np.ndarray | None = None,
        columns: np.ndarray | None = None,
    ) -> Self:
        """Look into a file; all rows and columns by default. BadData if there is no dense matrix of numbers."""
        with h5py.File(path, "r") as file:
            matrix = file.get(dataset)
            if not isinstance(matrix, h5py.Dataset) or matrix.ndim != 2 or matrix.dtype.kind not in "fiu":
                raise BadData(f"{path} holds no dense matrix {dataset}; import the dataset again.")
            samples, genes = matrix.shape
        every_row, every_column = np.arange(samples), np.arange(genes)
        return cls(
            path,
            dataset,
            every_row if rows is None else every_row[rows],
            every_column if columns is None else every_column[columns],
        )

    @property
    def samples(self) -> int:
        """Number of samples."""
        return len(self.rows)

    @property
    def widths(self) -> tuple[int, ...]:
        """Number of columns kept."""
        return (len(self.columns),)

    def read(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Read samples by index, neighbours in the file together."""
        wanted = self.rows[rows]
        order = np.argsort(wanted, kind="stable")
        result = np.empty((len(wanted), len(self.columns)), np.float32)
        with h5py.File(self.path, "r") as file:
            matrix = file[self.dataset]
            whole = np.array_equal(self.columns, np.arange(matrix.shape[1]))
            for places in _stretches(wanted, order):
                first, last = wanted[places[0]], wanted[places[-1]]
                stretch = matrix[first : last + 1]
                chosen = stretch[wanted[places] - first]
                result[places] = chosen if whole else chosen[:, self.columns]
        return (result,)


def _stretches(wanted: np.ndarray, order: np.ndarray) -> Iterator[np.ndarray]:
    """Cut places, ordered by file row, where the file is better read in two pieces."""
    begin = 0
    for end in range(1, len(order) + 1):
        if (
            end == len(order)
            or wanted[order[end]] - wanted[order[end - 1]] > GAP
            or wanted[order[end]] - wanted[order[begin]] >= STRETCH
        ):
            yield order[begin:end]
            begin = end


def paired(
    landmarks: Samples | Source,
    targets: Samples | Source,
    validation_landmarks: Samples | Source,
    validation_targets: Samples | Source,
) -> tuple[Paired, Paired]:
    """Put the two tables of training and of validation samples side by side, each [samples, genes].

    Raises BadData if samples or genes do not agree.
    """
    train = _pair(landmarks, targets, "training")
    validation = _pair(validation_landmarks, validation_targets, "validation")
    if train.widths != validation.widths:
        raise BadData(
            f"Training data have {train.widths[0]} landmark and {train.widths[1]} target genes, "
            f"validation data {validation.widths[0]} and {validation.widths[1]}."
        )
    return train, validation


def _pair(landmarks: Samples | Source, targets: Samples | Source, part: str) -> Paired:
    pair = Paired(
        as_source(landmarks, f"The landmark genes of the {part} data"),
        as_source(targets, f"The target genes of the {part} data"),
    )
    if pair.first.samples != pair.second.samples:
        raise BadData(
            f"The {part} data have {pair.first.samples} samples of landmark genes and "
            f"{pair.second.samples} of target genes; each sample needs both."
        )
    return pair
