"""Files whose values need not be held in memory: GCTX, and h5ad with a dense matrix."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np
from anndata import AnnData

from landmark.errors import BadData
from landmark.expression.checks import check_names
from landmark.expression.formats.gctx import Gctx
from landmark.expression.formats.h5ad import H5ad
from landmark.expression.formats.hdf5 import dataset_at, open_hdf5
from landmark.expression.formats.hdf5_blocks import sample_blocks, sample_rows
from landmark.expression.formats.registry import format_of
from landmark.expression.identifiers import Identifier
from landmark.expression.limits import Limits, limits
from landmark.expression.matrix import arrange, begin
from landmark.expression.streamed.missing import Missing, all_finite, resolve_missing
from landmark.expression.streamed.stream import BLOCK_BYTES, Stream, ahead
from landmark.expression.table import Axis
from landmark.expression.unpack import source
from landmark.progress import Report, silent

PASSING_BYTES = 200_000_000
"""Matrices larger than this pass in blocks where the format allows it; in memory a few copies of them would stand."""


def read_passing(
    path: Path,
    missing: Missing = "refuse",
    genes_in: Axis | None = None,
    identifier: Identifier | None = None,
    report: Report = silent,
    within: Limits | None = None,
    larger_than: int = PASSING_BYTES,
    names_from: str = "",
    several: bool = False,
) -> Stream | None:
    """Open a large file as a stream: what ``landmark.expression.read`` would give, without holding the values.

    Parameters
    ----------
    path
        A file of any format.
    missing, genes_in, identifier
        As for ``read``. To drop or fill missing values takes passes of their own.
    report
        Receives the progress of those passes.
    within
        Limits on size; those of this machine if not given.
    larger_than
        Smaller matrices, in bytes as float32, are left to ``read``.
    names_from, several
        As for ``read``.

    Returns
    -------
    Stream or None
        None where ``read`` is the way in: the matrix is small, or the format must be read as a whole. Each pass goes
        through the file anew, and refuses it with BadData where it is damaged or holds missing or infinite values.

    Raises
    ------
    BadData
        The file cannot be read or holds no expression matrix, as far as that is seen without the values.
    """
    within = within or limits()
    file = source(path, within)
    form = format_of(file)
    if not isinstance(form, Gctx | H5ad):
        return None
    state = _state(path)
    with form.opened(file) as (table, X):
        if not isinstance(X, h5py.Dataset) or 4 * X.size <= larger_than:
            return None
        place = X.name
    placed = arrange(table, path.name, genes_in, identifier, names_from, several)
    check_names(placed.samples, "sample")
    check_names(placed.genes, "gene")
    about = AnnData(obs=placed.obs, var=placed.var)
    begin(about, table, placed, path.name)
    axis = placed.orientation.genes_in

    @contextmanager
    def reopened() -> Iterator[h5py.Dataset]:
        if _state(path) != state:
            raise BadData(f"{path.name} was changed while it was read. Start again when it is complete.")
        with open_hdf5(path, within, looked=True) as again:
            yield dataset_at(again, place, path.name)

    def blocks() -> Iterator[np.ndarray]:
        with reopened() as matrix:
            yield from ahead(sample_blocks(matrix, axis, BLOCK_BYTES))

    def rows(positions: np.ndarray) -> np.ndarray:
        with reopened() as matrix:
            return sample_rows(matrix, axis, positions)

    return all_finite(resolve_missing(Stream(about, blocks, rows), missing, report))


def _state(path: Path) -> tuple[int, ...]:
    """Give what changes whenever a file does; the last cannot be set by a user."""
    now = path.stat()
    return now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns
