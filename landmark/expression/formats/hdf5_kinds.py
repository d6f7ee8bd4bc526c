"""HDF5 files under the ending .h5, which many programs use: 10x Genomics is read, AnnData too, others are named.

Cell Ranger 3 and later: ``/matrix`` with ``features``; version 2: one group per genome with ``genes`` and
``gene_names``. The matrix is stored by cells: ``indptr`` has one entry more than there are barcodes.
"""

from pathlib import Path

import h5py
import pandas as pd
from scipy import sparse

from landmark.errors import BadData
from landmark.expression.formats.cells import KIND, SYMBOL, cell_table
from landmark.expression.formats.h5ad import MAGIC, H5ad, sparse_parts
from landmark.expression.formats.hdf5 import dataset_at, open_hdf5
from landmark.expression.formats.hdf5_columns import strings
from landmark.expression.table import Table
from landmark.expression.unpack import Source

NAMED: dict[str, tuple[str, ...]] = {
    "id": ("features/id", "genes"),
    SYMBOL: ("features/name", "gene_names"),
    KIND: ("features/feature_type",),
}
"""What is known of each feature, and where it stands in the two versions."""

STORED = {"barcodes", "data", "indices", "indptr", "shape"}


class Hdf5:
    """An HDF5 file that says no more by its ending: of 10x Genomics, or AnnData."""

    name = "10x Genomics (h5)"
    extensions = (".h5", ".hdf5")

    def recognises(self, path: Path, head: bytes) -> bool:
        """HDF5 content under an ending that many programs use."""
        return head.startswith(MAGIC) and path.suffix.lower() in self.extensions

    def read(self, source: Source) -> Table:
        """Read the cells of a 10x file, or hand an AnnData file to its own reader."""
        where = source.path.name
        if source.packing:
            raise BadData(f"{where}: unpack this file first; HDF5 is compressed within itself.")
        with open_hdf5(source.path, source.limits) as file:
            genomes = [
                group for group in file.values() if isinstance(group, h5py.Group) and set(group) >= STORED
            ]
            if len(genomes) == 1:
                return _cells(genomes[0], source)
            kind, names = _kind(file), ", ".join(genome.name.lstrip("/") for genome in genomes)
        if genomes:
            raise BadData(
                f"{where} holds cells of several genomes: {names}. Save those of one as .h5ad and import it."
            )
        if kind == H5ad.name:
            return H5ad().read(source)
        raise BadData(f"{where} is {kind}")


def _cells(group: h5py.Group, source: Source) -> Table:
    where, limits = source.path.name, source.limits
    shape = [int(n) for n in dataset_at(group, "shape", where)[:2]]
    if len(shape) != 2:
        raise BadData(f"{where}: the sparse matrix does not say its shape.")
    features, cells = shape
    limits.check_matrix(cells, features, source.path.stat().st_size, where)
    stored = sparse.csr_array(sparse_parts(group, source), shape=(cells, features))
    stored.check_format(full_check=True)  # indices beyond the shape would be written beyond the array
    found = {}
    for name, places in NAMED.items():
        place = next((place for place in places if place in group), None)
        if place:
            found[name] = strings(dataset_at(group, place, where), limits, where)
    barcodes = strings(dataset_at(group, "barcodes", where), limits, where)
    ids = found.pop("id", None) or found.pop(SYMBOL, [])
    lengths = {len(ids), *map(len, found.values())}
    if len(barcodes) != cells or lengths != {features}:
        raise BadData(
            f"{where} names {len(barcodes):,} cells and {len(ids):,} genes for {cells:,} x {features:,} values. The "
            "file is damaged."
        )
    return cell_table(stored, barcodes, ids, pd.DataFrame(found, index=range(features)), where)


def _kind(file: h5py.File) -> str:
    """Say what an HDF5 file is that is none of 10x Genomics."""
    inside = set(file)
    if {"obs", "var"} <= inside:
        return H5ad.name
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
