"""Samples in blocks of one size, so that the compiled step meets one shape only, and their groups."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np

from landmark.errors import BadData
from landmark.training.data import Samples


@dataclass(frozen=True)
class Block:
    """Rows of one step: float32 [block, genes], of which the first ``samples`` are samples, from number ``start`` on.

    Where samples ran out, rows are copies of the reference: they differ from it by nothing and contribute nothing.
    """

    rows: np.ndarray
    start: int
    samples: int


def blocks(parts: Samples | Iterable[np.ndarray], size: int, reference: np.ndarray) -> Iterator[Block]:
    """Cut samples into blocks of ``size`` rows.

    ``parts`` is one matrix [samples, genes], or matrices that follow each other, of any numbers of rows. Anything that
    is sliced like an array will do, for instance a dataset in an HDF5 file: only a block is read at a time. Raises
    BadData if a matrix has not one column per gene of the reference [genes].
    """
    genes = len(reference)
    rows, filled, start = _fresh(size, reference), 0, 0
    for part in _as_parts(parts):
        if len(part.shape) != 2 or part.shape[1] != genes:
            raise BadData(
                f"Samples have shape {part.shape}; the encoder takes {genes} genes, [samples, {genes}]."
            )
        taken = 0
        while taken < part.shape[0]:
            count = min(size - filled, part.shape[0] - taken)
            rows[filled : filled + count] = part[taken : taken + count]
            filled, taken = filled + count, taken + count
            if filled == size:
                yield Block(rows, start, filled)
                rows, start, filled = _fresh(size, reference), start + filled, 0
    if filled:
        yield Block(rows, start, filled)


def _as_parts(parts: Samples | Iterable[np.ndarray]) -> Iterable[np.ndarray]:
    return cast(Iterable[np.ndarray], [parts] if hasattr(parts, "shape") else parts)


def _fresh(size: int, reference: np.ndarray) -> np.ndarray:
    return np.repeat(reference[None].astype(np.float32), size, axis=0)


def checked(groups: np.ndarray) -> np.ndarray:
    """Return groups that are numbered 0, 1, 2, ... without a gap, -1 standing for no group; BadData if they are not."""
    groups = np.asarray(groups)
    if groups.ndim != 1 or not np.issubdtype(groups.dtype, np.integer) or groups.min(initial=0) < -1:
        raise BadData("Groups must be one whole number per sample, counted from 0, or -1 for no group.")
    sizes = np.bincount(groups[groups >= 0])
    if not sizes.size or (sizes == 0).any():
        empty = int(np.argmin(sizes)) if sizes.size else 0
        raise BadData(f"Group {empty} has no sample; number the groups 0, 1, 2, ... without a gap.")
    return groups


def members(groups: np.ndarray, start: int, stop: int, size: int) -> np.ndarray:
    """Groups of samples ``start`` to ``stop``, followed by -1 up to ``size``."""
    found = np.full(size, -1, np.int32)
    given = groups[start:stop]
    found[: len(given)] = given
    return found


def renumbered(groups: np.ndarray) -> np.ndarray | None:
    """Number the groups that occur 0, 1, 2, ... in the same order, -1 staying; None where no sample has a group."""
    present = np.unique(groups[groups >= 0])
    if not present.size:
        return None
    return np.where(groups < 0, -1, np.searchsorted(present, groups))
