"""A large matrix before its import: all its names, and the values of some samples."""

from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np

from landmark.expression.formats.gctx import Gctx
from landmark.expression.formats.h5ad import H5ad
from landmark.expression.formats.hdf5_blocks import sample_rows
from landmark.expression.formats.registry import format_of
from landmark.expression.limits import Limits
from landmark.expression.matrix import Arranged, arrange
from landmark.expression.streamed.sources import PASSING_BYTES
from landmark.expression.table import Axis, Table
from landmark.expression.unpack import source

FIRST, SPREAD = 8, 200
"""Samples whose values are read: the first, which are shown, and others at even distances."""


def few_samples(
    path: Path,
    genes_in: Axis | None,
    within: Limits,
    larger_than: int = PASSING_BYTES,
    *,
    names_from: str = "",
) -> tuple[Table, Arranged] | None:
    """Read names, annotations and the values of some samples of a large file.

    Returns
    -------
    tuple or None
        What the file says, and its matrix with X [samples read, genes]; None where the matrix is small, in bytes as
        float32, or the format must be read as a whole.

    Raises
    ------
    BadData
        The file cannot be read or holds no matrix.
    """
    file = source(path, within)
    form = format_of(file)
    if not isinstance(form, Gctx | H5ad):
        return None
    with form.opened(file) as (table, X):
        if not isinstance(X, h5py.Dataset) or 4 * X.size <= larger_than:
            return None
        placed = arrange(table, path.name, genes_in, names_from=names_from)
        samples = len(placed.samples)
        spread = np.linspace(0, samples - 1, min(SPREAD, samples)).round().astype(np.int64)
        positions = np.union1d(np.arange(min(FIRST, samples)), spread)
        return table, replace(placed, X=sample_rows(X, placed.orientation.genes_in, positions))
