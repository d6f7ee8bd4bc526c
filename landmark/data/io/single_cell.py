"""Formats of single cells: Matrix Market with its lists of names, and the HDF5 files of 10x Genomics.

Cell Ranger names a gene by its identifier, says its symbol beside it, and since version 3 also measures features that
are no genes, such as antibodies. A cell counts as a sample here.

HDF5 under the ending .h5: Cell Ranger 3 and later keep ``/matrix`` with ``features``; version 2 one group per genome
with ``genes`` and ``gene_names``. The matrix is stored by cells: ``indptr`` has one entry more than there are barcodes.
AnnData under this ending is read too, others are named.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import h5py
import numpy as np
import pandas as pd
from scipy import sparse

from landmark.data.gene_names import named
from landmark.data.io.files import Format, Source, Table
from landmark.data.io.h5ad import H5AD, MAGIC, read_h5ad, sparse_parts
from landmark.data.io.hdf5 import dataset_at, open_hdf5, strings
from landmark.data.io.text import lines_of
from landmark.errors import BadData

KIND, SYMBOL = "feature_type", "gene_symbol"
GENES = "Gene Expression"
NOTE = "Each cell of the file counts as a sample here."


def _cell_table(
    matrix: sparse.sparray | np.ndarray,
    cells: Sequence[str],
    features: Sequence[str],
    about: pd.DataFrame,
    where: str,
) -> Table:
    """Make a table of a matrix [cells, features]; those that are not gene expression are left out.

    BadData: none of the features is a gene.
    """
    notes = [NOTE]
    names = list(features)
    if KIND in about and (about[KIND] != GENES).any():
        kept = np.flatnonzero((about[KIND] == GENES).to_numpy())
        if not len(kept):
            kinds = ", ".join(map(str, about[KIND].unique()[:5]))
            raise BadData(f"{where} measures no genes, only: {kinds}.")
        notes.append(f"{len(names) - len(kept):,} features that are no genes are left out.")
        matrix = matrix[:, kept]
        names, about = [names[i] for i in kept], about.iloc[kept].reset_index(drop=True)
    names, about, told = named(names, about)
    values = matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
    return Table(
        np.asarray(values, dtype=np.float32),
        list(cells),
        names,
        column_annotations=about.drop(columns=KIND, errors="ignore"),
        genes_in="columns",
        notes=(*notes, *told),
    )


BANNER = b"%%MatrixMarket"
CELLS, FEATURES = ("barcodes",), ("features", "genes")
SIZES = re.compile(rb"\s*(\d{1,12})\s+(\d{1,12})(?:\s+(\d{1,15}))?\s*\n")
STORED_BYTES = 24  # of a value that is not zero, with its row and column, while it is read
CHUNK = 1_000_000
LONGEST = 10_000  # bytes of a line before the values


def _read_market(source: Source) -> Table:
    """Read the matrix and the names beside it; the lengths tell which axis the cells are on."""
    where = source.where
    cells_file, features_file = _named_by(source, CELLS), _named_by(source, FEATURES)
    if cells_file is None or features_file is None:
        raise BadData(
            f"{where} is a MatrixMarket matrix, which holds no names. Put barcodes.tsv and features.tsv (or "
            "genes.tsv) beside it in a folder, or pack the three files into one zip archive."
        )
    matrix = _values(source)
    rows, columns = matrix.shape
    cells, features = _lines(cells_file, max(rows, columns)), _lines(features_file, max(rows, columns))
    for lines in (cells, features):
        if len(lines) - 1 in (rows, columns) and len(lines) not in (rows, columns):
            del lines[0]  # a header
    if (len(features), len(cells)) == (rows, columns):
        matrix = matrix.T
    elif (len(cells), len(features)) != (rows, columns):
        raise BadData(
            f"The matrix of {where} is {rows:,} x {columns:,}, but {cells_file.name} names {len(cells):,} cells "
            f"and {features_file.name} {len(features):,} genes. The files do not belong together, or one is cut "
            "short."
        )
    about = pd.DataFrame([[*fields, "", ""][1:3] for fields in features], columns=[SYMBOL, KIND])
    return _cell_table(
        matrix,
        [fields[0] for fields in cells],
        [fields[0] for fields in features],
        about.loc[:, (about != "").any()],
        where,
    )


MATRIX_MARKET = Format(
    "MatrixMarket (mtx) with its files of names",
    (".mtx",),
    lambda suffix, head: head.startswith(BANNER),
    _read_market,
)


def _named_by(source: Source, kinds: tuple[str, ...]) -> Source | None:
    """Find the file beside a matrix that holds names of one kind; the one with the same beginning if several do."""
    found = [
        other
        for other in source.beside()
        if Path(other.name).stem.lower().endswith(kinds) and other.suffix in (".tsv", ".txt", ".csv", "")
    ]
    start = source.name.lower().rpartition("matrix")[0]
    same = [other for other in found if start and other.name.lower().startswith(start)]
    chosen = same or found
    return chosen[0] if len(chosen) == 1 else None


@dataclass(frozen=True)
class _Header:
    """What the first lines say: sizes, the number of values that follow, and whether their places stand beside them."""

    rows: int
    columns: int
    stored: int
    dense: bool
    pattern: bool


def _header(stream: BinaryIO, source: Source) -> _Header:
    """Read up to the sizes that a file claims, and refuse those that would not fit, before anything else is read."""
    where = source.where
    banner = stream.readline(LONGEST).decode("latin-1").lower()
    words = banner.split()
    known = len(words) == 5 and words[1] == "matrix" and words[2] in ("coordinate", "array")
    if not known or words[3] not in ("real", "integer", "double", "pattern") or words[4] != "general":
        raise BadData(f"{where} holds no general matrix of real numbers: {banner[:80].strip()!r}.")
    line = stream.readline(LONGEST)
    while line.startswith(b"%") or (line and not line.strip()):
        line = stream.readline(LONGEST)
    sizes = SIZES.fullmatch(line)
    dense = words[2] == "array"
    if sizes is None or dense == (sizes[3] is not None):
        raise BadData(f"{where} does not say the sizes of its matrix. Download or save it again.")
    rows, columns = int(sizes[1]), int(sizes[2])
    stored = rows * columns if dense else int(sizes[3])
    source.check_matrix(rows, columns)
    source.check_bytes(STORED_BYTES * stored)
    return _Header(rows, columns, stored, dense, words[3] == "pattern")


def _values(source: Source) -> np.ndarray | sparse.csc_array:
    """Read the matrix as float32, its axes as in the file."""
    damaged = BadData(f"{source.where} is damaged or cut short. Download or save it again.")
    parts = []
    with source.open() as stream:
        header = _header(stream, source)
        names = ["value"] if header.dense else ["row", "column", "value"][: 3 - header.pattern]
        try:
            chunks = pd.read_csv(
                stream, sep=r"\s+", header=None, names=names, dtype=np.float64, comment="%", index_col=False,
                chunksize=CHUNK, float_precision="round_trip", quoting=csv.QUOTE_NONE,
            )  # fmt: skip
            for chunk in chunks:
                parts.append(chunk.to_numpy())
                if sum(map(len, parts)) > header.stored:
                    raise damaged
        except pd.errors.EmptyDataError:  # no value but zero
            parts = [np.empty((0, len(names)))]
        except (ValueError, OverflowError) as error:
            raise damaged from error
    found = np.concatenate(parts)
    if len(found) != header.stored:
        raise damaged
    if header.dense:
        return found[:, 0].reshape(header.columns, header.rows).T.astype(np.float32)
    places = found[:, :2] - 1
    inside = (places >= 0) & (places < (header.rows, header.columns)) & (places == np.floor(places))
    if not inside.all():
        raise damaged
    with np.errstate(over="ignore"):
        values = np.ones(len(found), np.float32) if header.pattern else found[:, 2].astype(np.float32)
    at = places.astype(np.int64)
    return sparse.coo_array((values, (at[:, 0], at[:, 1])), shape=(header.rows, header.columns)).tocsc()


def _lines(source: Source, most: int) -> list[list[str]]:
    """Read a file of names: the fields of each line, no more lines than the matrix can need."""
    found: list[list[str]] = []
    with lines_of(source) as lines:
        for line in lines:
            if not line.strip():
                continue
            if len(found) > most:
                raise BadData(f"{source.name} names more than the {most:,} rows or columns of the matrix.")
            found.append(
                [field.strip().strip('"') for field in line.split("," if source.suffix == ".csv" else "\t")]
            )
            if any(len(field) > source.limits.name_bytes for field in found[-1]):
                raise BadData(
                    f"{source.name} holds names longer than {source.limits.name_bytes:,} characters."
                )
    return found


NAMED: dict[str, tuple[str, ...]] = {
    "id": ("features/id", "genes"),
    SYMBOL: ("features/name", "gene_names"),
    KIND: ("features/feature_type",),
}
"""What is known of each feature, and where it stands in the two versions."""

STORED = {"barcodes", "data", "indices", "indptr", "shape"}


def _read_hdf5(source: Source) -> Table:
    """Read the cells of a 10x file, or hand an AnnData file to its own reader."""
    where = source.where
    with open_hdf5(source) as file:
        genomes = [group for group in file.values() if isinstance(group, h5py.Group) and set(group) >= STORED]
        if len(genomes) == 1:
            return _cells(genomes[0], source)
        kind, names = _kind(file), ", ".join(genome.name.lstrip("/") for genome in genomes)
    if genomes:
        raise BadData(
            f"{where} holds cells of several genomes: {names}. Save those of one as .h5ad and import it."
        )
    if kind == H5AD.name:
        return read_h5ad(source)
    raise BadData(f"{where} is {kind}")


HDF5 = Format(
    "10x Genomics (h5)",
    (".h5", ".hdf5"),
    lambda suffix, head: head.startswith(MAGIC) and suffix in (".h5", ".hdf5"),
    _read_hdf5,
)
"""An HDF5 file that says no more by its ending: of 10x Genomics, or AnnData."""


def _cells(group: h5py.Group, source: Source) -> Table:
    where = source.where
    shape = [int(n) for n in dataset_at(group, "shape", where)[:2]]
    if len(shape) != 2:
        raise BadData(f"{where}: the sparse matrix does not say its shape.")
    features, cells = shape
    source.check_matrix(cells, features)
    stored = sparse.csr_array(sparse_parts(group, source), shape=(cells, features))
    stored.check_format(full_check=True)  # indices beyond the shape would be written beyond the array
    found = {}
    for name, places in NAMED.items():
        place = next((place for place in places if place in group), None)
        if place:
            found[name] = strings(dataset_at(group, place, where), source)
    barcodes = strings(dataset_at(group, "barcodes", where), source)
    ids = found.pop("id", None) or found.pop(SYMBOL, [])
    lengths = {len(ids), *map(len, found.values())}
    if len(barcodes) != cells or lengths != {features}:
        raise BadData(
            f"{where} names {len(barcodes):,} cells and {len(ids):,} genes for {cells:,} x {features:,} values. The "
            "file is damaged."
        )
    return _cell_table(stored, barcodes, ids, pd.DataFrame(found, index=range(features)), where)


def _kind(file: h5py.File) -> str:
    """Say what an HDF5 file is that is none of 10x Genomics."""
    inside = set(file)
    if {"obs", "var"} <= inside:
        return H5AD.name
    if "0" in inside and "0/DATA" in file:
        return "a GCTX file. Give it the ending .gctx."
    if {"row_attrs", "col_attrs"} <= inside:
        return "a loom file. In Python, save anndata.read_loom(file) as .h5ad and import that."
    if {"assays", "cell.names"} <= inside:
        return "a Seurat object (h5Seurat). In R, SeuratDisk::Convert(file, dest = 'h5ad') makes an AnnData file of it."
    if {"meta", "data"} <= inside:
        return "a file of ARCHS4, which holds very many samples. Save those that you want as .h5ad or CSV (archs4py)."
    some = ", ".join(sorted(inside)[:8]) or "nothing"
    return f"HDF5 of a kind that is not read here; it holds {some}. Save the matrix as .h5ad, CSV or Parquet."
