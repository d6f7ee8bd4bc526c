"""NumPy archives (.npz): one matrix and two lists of names. Never anything pickled."""

import zipfile
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from landmark.errors import BadData
from landmark.expression.table import Table
from landmark.expression.unpack import DAMAGED, Source

ZIP = b"PK\x03\x04"
OF_COLUMNS = ("gene", "var", "column", "col", "feature", "probe")
"""Beginnings of the names that lists of column names go by, where the lengths do not tell."""


class Npz:
    """A NumPy archive with a matrix and the names of its rows and columns."""

    name = "NumPy archive (npz)"
    extensions = (".npz",)

    def recognises(self, path: Path, head: bytes) -> bool:
        """A zip archive under the name of a NumPy archive."""
        return head.startswith(ZIP) and path.suffix.lower() == ".npz"

    def read(self, source: Source) -> Table:
        """Read the only matrix and its names; the axis of the genes is left open."""
        where = source.path.name
        try:
            shapes = _shapes(source)
            with np.load(source.path, allow_pickle=False) as archive:
                matrices = [
                    name for name, (shape, kind) in shapes.items() if len(shape) == 2 and kind in "fiu"
                ]
                if len(matrices) != 1:
                    raise BadData(
                        f"{where} holds {len(matrices)} matrices of numbers; exactly one is expected."
                    )
                with np.errstate(over="ignore"):
                    values = archive[matrices[0]].astype(np.float32)
                lists = {
                    name: archive[name].astype(str).tolist()
                    for name, (shape, kind) in shapes.items()
                    if len(shape) == 1 and kind in "US"
                }
        except (*DAMAGED, KeyError, TypeError, SyntaxError) as error:
            raise BadData(f"{where} is damaged or no NumPy archive. Save it again.") from error
        rows, columns = _names(lists, values.shape, where)
        return Table(values, rows, columns)


def _shapes(source: Source) -> dict[str, tuple[tuple[int, ...], str]]:
    """Read the headers of all arrays and refuse what is pickled or too large, before any array is read."""
    where, size = source.path.name, source.path.stat().st_size
    found: dict[str, tuple[tuple[int, ...], str]] = {}
    total = 0
    with zipfile.ZipFile(source.path) as archive:
        for member in archive.infolist():
            with archive.open(member) as stream:
                version = npy.read_magic(stream)
                read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
                shape, _, dtype = read(stream)
            if dtype.hasobject:
                raise BadData(
                    f"{where} is refused: {member.filename!r} holds pickled objects. Save names as text."
                )
            if dtype.kind in "US" and dtype.itemsize > 4 * source.limits.name_bytes:
                raise BadData(
                    f"{where}: {member.filename!r} holds names longer than {source.limits.name_bytes:,}."
                )
            if len(shape) == 2:
                source.limits.check_matrix(shape[0], shape[1], size, where)
            total += int(np.prod(shape, dtype=object)) * dtype.itemsize
            source.limits.check_bytes(total, size, where)
            found[member.filename.removesuffix(".npy")] = (shape, dtype.kind)
    return found


def _names(lists: dict[str, list[str]], shape: tuple[int, ...], where: str) -> tuple[list[str], list[str]]:
    fits_rows = [name for name in lists if len(lists[name]) == shape[0]]
    fits_columns = [name for name in lists if len(lists[name]) == shape[1]]
    if shape[0] == shape[1]:
        fits_columns = [name for name in fits_columns if name.lower().startswith(OF_COLUMNS)]
        fits_rows = [name for name in fits_rows if name not in fits_columns]
    if len(fits_rows) != 1 or len(fits_columns) != 1:
        raise BadData(
            f"{where} should hold two lists of names, of {shape[0]:,} rows and of {shape[1]:,} columns, called for "
            f"instance 'samples' and 'genes'. Found: {', '.join(lists) or 'none'}."
        )
    return lists[fits_rows[0]], lists[fits_columns[0]]
