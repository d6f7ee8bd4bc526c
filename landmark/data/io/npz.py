"""NumPy archives (.npz): one matrix, the names of its rows and columns, further facts. Never anything pickled."""

import zipfile
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.lib import format as npy

from landmark.data.io.files import DAMAGED, Format, Source, Table
from landmark.errors import BadData

ZIP = b"PK\x03\x04"
OF_GENES = ("gene", "var", "column", "col", "feature", "probe", "symbol", "entrez", "ensembl")
OF_SAMPLES = ("sample", "obs", "row", "cell", "barcode", "patient")
"""Beginnings of what lists of names are called; in a square matrix those of genes belong to the columns."""

ENDINGS = ("", "s", "_name", "_names", "_id", "_ids")
SPARSE = {"data", "indices", "indptr", "shape", "format"}  # what SciPy's ``save_npz`` writes


def _read_npz(source: Source) -> Table:
    """Read the only matrix, its names and other lists of the same length; the axis of the genes is left open."""
    where = source.where
    try:
        shapes = _shapes(source)
        with np.load(source.path, allow_pickle=False) as archive:
            matrices = [name for name, (shape, kind) in shapes.items() if len(shape) == 2 and kind in "fiu"]
            if not matrices and set(shapes) >= SPARSE - {"format"}:
                raise BadData(
                    f"{where} is a sparse matrix of SciPy, which holds no names. Save it with them: numpy.savez("
                    "file, X=matrix.toarray(), samples=..., genes=...), or as .h5ad."
                )
            if len(matrices) != 1:
                raise BadData(f"{where} holds {len(matrices)} matrices of numbers; exactly one is expected.")
            with np.errstate(over="ignore"):
                values = archive[matrices[0]].astype(np.float32)
            lists = {
                name: archive[name]
                for name, (shape, kind) in shapes.items()
                if len(shape) == 1 and kind in "USiufb"
            }
    except (*DAMAGED, KeyError, TypeError, SyntaxError) as error:
        raise BadData(f"{where} is damaged or no NumPy archive. Save it again.") from error
    return _named(values, lists, where)


NPZ = Format(
    "NumPy archive (npz)",
    (".npz",),
    lambda suffix, head: head.startswith(ZIP) and suffix == ".npz",
    _read_npz,
)


def _shapes(source: Source) -> dict[str, tuple[tuple[int, ...], str]]:
    """Read the headers of all arrays and refuse what is pickled or too large, before any array is read."""
    where = source.where
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
                source.check_matrix(shape[0], shape[1])
            total += int(np.prod(shape, dtype=object)) * dtype.itemsize
            source.check_bytes(total)
            source.check_unpacked(total)
            found[member.filename.removesuffix(".npy")] = (shape, dtype.kind)
    return found


def _named(values: np.ndarray, lists: Mapping[str, np.ndarray], where: str) -> Table:
    """Find which lists name rows and columns; the others are facts about what they are as long as."""
    rows, columns = values.shape
    of_columns = {name: found for name, found in lists.items() if len(found) == columns}
    if rows == columns:
        of_columns = {name: found for name, found in of_columns.items() if name.lower().startswith(OF_GENES)}
    of_rows = {name: found for name, found in lists.items() if len(found) == rows and name not in of_columns}
    row_names, column_names = _naming(of_rows), _naming(of_columns)
    if not row_names or not column_names:
        raise BadData(
            f"{where} should hold two lists of names, of {rows:,} rows and of {columns:,} columns, called for "
            f"instance 'samples' and 'genes'. Found: {', '.join(lists) or 'none'}."
        )
    return Table(
        values,
        of_rows.pop(row_names).astype(str).tolist(),
        of_columns.pop(column_names).astype(str).tolist(),
        _facts(of_rows),
        _facts(of_columns),
    )


def _naming(lists: Mapping[str, np.ndarray]) -> str:
    """Choose the list that names an axis: called as names are, or else the only one of text; empty if unclear."""

    def rank(name: str) -> tuple[bool, ...]:
        called = name.lower()
        words = [word for word in (*OF_GENES, *OF_SAMPLES) if called.startswith(word)]
        exact = any(called == word + ending for word in words for ending in ENDINGS)
        return not exact, not words, lists[name].dtype.kind not in "US"

    able = [name for name in lists if not (rank(name)[1:] == (True, True) or lists[name].dtype.kind in "fb")]
    ranked = sorted(able, key=rank)
    if not ranked or (len(ranked) > 1 and rank(ranked[0]) == rank(ranked[1])):
        return ""
    return ranked[0]


def _facts(lists: Mapping[str, np.ndarray]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: found.astype(str).astype(object) if found.dtype.kind in "US" else found
            for name, found in lists.items()
        }
    )
