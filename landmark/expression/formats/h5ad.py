"""AnnData files (.h5ad), read with h5py alone: only matrix, names and plain annotations are touched."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
from scipy import sparse

from landmark.errors import BadData
from landmark.expression.formats.hdf5 import dataset_at, open_hdf5
from landmark.expression.formats.hdf5_blocks import all_values, no_values
from landmark.expression.formats.hdf5_columns import annotation, strings
from landmark.expression.limits import Limits
from landmark.expression.table import Table
from landmark.expression.unpack import Source

MAGIC = b"\x89HDF\r\n\x1a\n"
FACTS = ("unit", "title", "source")


class H5ad:
    """AnnData in HDF5. Rows are samples, unless the names say otherwise."""

    name = "AnnData (h5ad)"
    extensions = (".h5ad",)

    def recognises(self, path: Path, head: bytes) -> bool:
        """HDF5 content; GCTX files, HDF5 as well, are told apart by their name."""
        return head.startswith(MAGIC) and path.suffix.lower() != ".gctx"

    def read(self, source: Source) -> Table:
        """Read X, obs and var; layers and all else are left where they are."""
        with self.opened(source) as (table, X):
            values = all_values(X) if isinstance(X, h5py.Dataset) else _sparse(X, table.values.shape, source)
            return replace(table, values=values)

    @contextmanager
    def opened(self, source: Source) -> Iterator[tuple[Table, h5py.Dataset | h5py.Group]]:
        """Give all but the values, which stay in the file: X is a dataset, or a group where it is sparse."""
        if source.packing:
            raise BadData(f"{source.path.name}: unpack this file first; HDF5 is compressed within itself.")
        where, within = source.path.name, source.limits
        with open_hdf5(source.path, within) as file:
            X, shape = _matrix(file, source)
            rows, obs = _annotations(file, "obs", shape[0], within, where)
            columns, var = _annotations(file, "var", shape[1], within, where)
            facts, provenance = _own_record(file, within, where)
            table = Table(
                no_values(shape),
                rows,
                columns,
                obs,
                var,
                genes_in="columns",
                unit=facts.get("unit", ""),
                title=facts.get("title", ""),
                source=facts.get("source", ""),
                provenance=tuple(provenance),
            )
            yield table, X


def _matrix(file: h5py.File, source: Source) -> tuple[h5py.Dataset | h5py.Group, tuple[int, int]]:
    """Find X, dense or sparse, and its shape, which is checked."""
    where, size = source.path.name, source.path.stat().st_size
    X = file.get("X")
    if isinstance(X, h5py.Dataset):
        if X.ndim != 2 or X.dtype.kind not in "fiub":
            raise BadData(f"{where}: the matrix X should be a table of numbers, samples by genes.")
        shape = X.shape
    elif isinstance(X, h5py.Group) and {"data", "indices", "indptr"} <= set(X):
        shape = tuple(int(n) for n in X.attrs.get("shape", X.attrs.get("h5sparse_shape", ())))
        if len(shape) != 2 or min(shape) < 0:
            raise BadData(f"{where}: the sparse matrix X does not say its shape.")
    elif "0/DATA" in file:
        raise BadData(f"{where} is a GCTX file. Give it the ending .gctx.")
    else:
        raise BadData(f"{where} has no matrix X, so it is no AnnData file with expression values.")
    source.limits.check_matrix(shape[0], shape[1], size, where)
    return X, shape


def _sparse(X: h5py.Group, shape: tuple[int, ...], source: Source) -> np.ndarray:
    """Read a sparse X as float32 [rows, columns]."""
    where, size = source.path.name, source.path.stat().st_size
    parts = [dataset_at(X, name, where) for name in ("data", "indices", "indptr")]
    for part in parts:
        source.limits.check_bytes(int(part.size) * part.dtype.itemsize, size, where)
    data, indices, indptr = (part[()] for part in parts)
    by_column = "csc" in str(X.attrs.get("encoding-type", X.attrs.get("h5sparse_format", "")))
    kind = sparse.csc_matrix if by_column else sparse.csr_matrix
    stored = kind((data.astype(np.float32), indices, indptr), shape=shape)
    stored.check_format(full_check=True)  # indices beyond the shape would be written beyond the array
    return stored.toarray()


def _annotations(
    file: h5py.File, axis: str, length: int, limits: Limits, where: str
) -> tuple[list[str], pd.DataFrame]:
    """Read the names and the plain columns of ``obs`` or ``var``."""
    group = file.get(axis)
    if not isinstance(group, h5py.Group):
        raise BadData(
            f"{where} has no readable {axis!r}: it was written by a very old AnnData. Save it with a new one."
        )
    index = str(group.attrs.get("_index", "_index"))
    names = strings(dataset_at(group, index, where), limits, where)
    if len(names) != length:
        raise BadData(
            f"{where} names {len(names):,} {axis} for a matrix with {length:,}. The file is damaged."
        )
    found = {}
    for column in list(group)[: limits.annotations]:
        values = annotation(group[column], limits, where) if column not in (index, "__categories") else None
        if values is not None and len(values) == length:
            found[column] = values
    order = [c for c in map(str, group.attrs.get("column-order", [])) if c in found]
    return names, pd.DataFrame({c: found[c] for c in [*order, *(c for c in found if c not in order)]})


def _own_record(file: h5py.File, limits: Limits, where: str) -> tuple[dict[str, str], list[str]]:
    """Read the history and the facts of a file that this program wrote; nothing from other files."""
    group = file.get("uns/landmark")
    if not isinstance(group, h5py.Group):
        return {}, []
    facts = {}
    for fact in FACTS:
        item = group.get(fact)
        if isinstance(item, h5py.Dataset) and item.shape == () and h5py.check_string_dtype(item.dtype):
            facts[fact] = item.asstr()[()][: limits.name_bytes]
    history = group.get("history")
    entries = strings(history, limits, where) if isinstance(history, h5py.Dataset) else []
    return facts, [entry for entry in entries if _is_step(entry)]


def _is_step(entry: str) -> bool:
    try:
        step = json.loads(entry)
    except ValueError:
        return False
    return isinstance(step, dict) and isinstance(step.get("step"), str)
