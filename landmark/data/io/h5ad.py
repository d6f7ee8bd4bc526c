"""AnnData files (.h5ad), read with h5py alone: only matrix, names and plain annotations are touched.

Files of all versions of AnnData from 0.7 on, and of the writers for R (see ``io.hdf5``).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import h5py
import numpy as np
import pandas as pd
from scipy import sparse

from landmark.data.gene_names import named
from landmark.data.io.files import Format, Source, Table
from landmark.data.io.hdf5 import (
    FORMER_CATEGORIES,
    all_values,
    annotation,
    as_text,
    dataset_at,
    names,
    no_values,
    open_hdf5,
    strings,
)
from landmark.errors import BadData
from landmark.wording import listed

MAGIC = b"\x89HDF\r\n\x1a\n"
OTHER_HDF5 = (".gctx", ".h5", ".hdf5", ".loom", ".h5seurat", ".h5mu")
FACTS = ("unit", "title", "source")
INDEXES = ("_index", "index")  # where the names stand if nothing says so; the second before AnnData 0.7


def read_h5ad(source: Source) -> Table:
    """Read X, obs and var; layers and all else are left where they are."""
    with _opened_h5ad(source) as (table, X):
        values = all_values(X) if isinstance(X, h5py.Dataset) else _sparse(X, table.values.shape, source)
        return replace(table, values=values)


@contextmanager
def _opened_h5ad(source: Source) -> Iterator[tuple[Table, h5py.Dataset | h5py.Group]]:
    """Give all but the values, which stay in the file: X is a dataset, or a group where it is sparse."""
    with open_hdf5(source) as file:
        X, shape = _matrix(file, source)
        rows, obs, about_obs = _annotations(file, "obs", shape[0], source)
        columns, var, about_var = _annotations(file, "var", shape[1], source)
        columns, var, about_names = named(columns, var)
        facts, provenance = _own_record(file, source)
        others, _ = _others(file)
        unread = (
            [f"The values are those of X; what else the file holds is not read: {others}."] if others else []
        )
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
            notes=(*about_obs, *about_var, *about_names, *unread),
        )
        yield table, X


H5AD = Format(
    "AnnData (h5ad)",
    (".h5ad",),
    lambda suffix, head: head.startswith(MAGIC) and suffix not in OTHER_HDF5,
    read_h5ad,
    _opened_h5ad,
)
"""Rows are samples, unless the names say otherwise."""


def _matrix(file: h5py.File, source: Source) -> tuple[h5py.Dataset | h5py.Group, tuple[int, int]]:
    """Find X, dense or sparse, and its shape, which is checked."""
    where = source.where
    X = file.get("X")
    if isinstance(X, h5py.Dataset) and X.shape is not None:
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
        raise BadData(_without_matrix(file, where))
    source.check_matrix(shape[0], shape[1])
    return X, shape


def _others(file: h5py.File) -> tuple[str, str]:
    """Name the further matrices of a file: for people, and the first of them as one writes it in Python."""
    layers = file.get("layers")
    found = [str(name) for name in layers] if isinstance(layers, h5py.Group) else []
    raw = "raw/X" in file or "raw.X" in file
    words = [f"the layer{'s' * (len(found) > 1)} {', '.join(found)}"] if found else []
    words += ["raw.X"] if raw else []
    return " and ".join(words), f"layers[{found[0]!r}]" if found else "raw.X"


def _without_matrix(file: h5py.File, where: str) -> str:
    """Say what an AnnData file has in place of X."""
    others, first = _others(file)
    if not others:
        return f"{where} has no matrix X, so it is no AnnData file with expression values."
    return (
        f"{where} is an AnnData file without X; it has {others}. Choose the one with the expression values, make it X "
        f"(in Python: adata.X = adata.{first}), and save the file again."
    )


def sparse_parts(group: h5py.Group, source: Source) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read what a sparse matrix is stored as, if it fits: values as float32, indices, beginnings."""
    where = source.where
    parts = [dataset_at(group, name, where) for name in ("data", "indices", "indptr")]
    for part in parts:
        source.check_bytes(int(part.size) * part.dtype.itemsize)
    data, indices, indptr = (part[()] for part in parts)
    return data.astype(np.float32), indices, indptr


def _sparse(X: h5py.Group, shape: tuple[int, ...], source: Source) -> np.ndarray:
    """Read a sparse X as float32 [rows, columns]."""
    by_column = "csc" in str(X.attrs.get("encoding-type", X.attrs.get("h5sparse_format", "")))
    kind = sparse.csc_matrix if by_column else sparse.csr_matrix
    stored = kind(sparse_parts(X, source), shape=shape)
    stored.check_format(full_check=True)  # indices beyond the shape would be written beyond the array
    return stored.toarray()


def _annotations(
    file: h5py.File, axis: str, length: int, source: Source
) -> tuple[list[str], pd.DataFrame, list[str]]:
    """Read the names and the plain columns of ``obs`` or ``var``, and say which columns are left out."""
    where, group = source.where, file.get(axis)
    if not isinstance(group, h5py.Group):
        raise BadData(
            f"{where} has no readable {axis!r}: it was written by a very old AnnData. Save it with a new one."
        )
    said = [as_text(group.attrs["_index"])] if "_index" in group.attrs else []
    index = next((name for name in (*said, *INDEXES) if name in group), None)
    if index is None:
        raise BadData(f"{where} does not name its {axis}: {axis!r} has no index. Save it again with AnnData.")
    found_names = names(group[index], source)
    if len(found_names) != length:
        raise BadData(
            f"{where} names {len(found_names):,} {axis} for a matrix with {length:,}. The file is damaged."
        )
    columns = [name for name in group if name not in (index, FORMER_CATEGORIES)]
    found = {}
    for column in columns[: source.limits.annotations]:
        values = annotation(group[column], source)
        if values is not None and len(values) == length:
            found[column] = values
    order = [c for c in map(as_text, np.atleast_1d(group.attrs.get("column-order", []))) if c in found]
    ordered = [*order, *(c for c in found if c not in order)]
    notes = []
    if left_out := [column for column in columns if column not in found]:
        some = listed(left_out, 20, " and {:,} more")
        notes.append(f"Columns of {axis} that cannot be read here are left out: {some}.")
    return found_names, pd.DataFrame({c: found[c] for c in ordered}), notes


def _own_record(file: h5py.File, source: Source) -> tuple[dict[str, str], list[str]]:
    """Read the history and the facts of a file that this program wrote; nothing from other files."""
    group = file.get("uns/landmark")
    if not isinstance(group, h5py.Group):
        return {}, []
    facts = {}
    for fact in FACTS:
        item = group.get(fact)
        if isinstance(item, h5py.Dataset) and item.shape == () and h5py.check_string_dtype(item.dtype):
            facts[fact] = item.asstr()[()][: source.limits.name_bytes]
    history = group.get("history")
    entries = strings(history, source) if isinstance(history, h5py.Dataset) else []
    return facts, [entry for entry in entries if _is_step(entry)]


def _is_step(entry: str) -> bool:
    try:
        step = json.loads(entry)
    except ValueError:
        return False
    return isinstance(step, dict) and isinstance(step.get("step"), str)
