"""GCTX, the binary format of the Broad Institute (HDF5).

The matrix stands at ``/0/DATA/0/matrix`` as samples x genes; names and facts of the genes in ``/0/META/ROW``, of the
samples in ``/0/META/COL``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import h5py
import pandas as pd

from landmark.errors import BadData
from landmark.expression.formats.gct import tidy
from landmark.expression.formats.h5ad import MAGIC
from landmark.expression.formats.hdf5 import dataset_at, open_hdf5
from landmark.expression.formats.hdf5_blocks import all_values, no_values
from landmark.expression.formats.hdf5_columns import annotation, strings
from landmark.expression.limits import Limits
from landmark.expression.table import Table
from landmark.expression.unpack import Source

MATRIX, GENES, SAMPLES = "0/DATA/0/matrix", "0/META/ROW", "0/META/COL"


class Gctx:
    """GCTX; told apart from other HDF5 files by its name."""

    name = "GCTX"
    extensions = (".gctx",)

    def recognises(self, path: Path, head: bytes) -> bool:
        """HDF5 content under the name of a GCTX file."""
        return head.startswith(MAGIC) and path.suffix.lower() == ".gctx"

    def read(self, source: Source) -> Table:
        """Read the matrix and all plain facts about genes and samples."""
        with self.opened(source) as (table, matrix):
            return replace(table, values=all_values(matrix))

    @contextmanager
    def opened(self, source: Source) -> Iterator[tuple[Table, h5py.Dataset]]:
        """Give all but the values, which stay in the file: see ``hdf5_blocks``."""
        where = source.path.name
        if source.packing:
            raise BadData(f"{where}: unpack this file first; HDF5 is compressed within itself.")
        with open_hdf5(source.path, source.limits) as file:
            matrix = dataset_at(file, MATRIX, where)
            if matrix.ndim != 2 or matrix.dtype.kind not in "fiu":
                raise BadData(f"{where}: {MATRIX} should be a table of numbers, samples by genes.")
            source.limits.check_matrix(matrix.shape[0], matrix.shape[1], source.path.stat().st_size, where)
            samples, obs = _names_and_facts(file, SAMPLES, source.limits, where)
            genes, var = _names_and_facts(file, GENES, source.limits, where)
            if (len(samples), len(genes)) != matrix.shape:
                raise BadData(
                    f"{where} names {len(samples):,} samples and {len(genes):,} genes for a matrix of "
                    f"{matrix.shape[0]:,} x {matrix.shape[1]:,}. The file is damaged."
                )
            yield Table(no_values(matrix.shape), samples, genes, obs, var, genes_in="columns"), matrix


def _names_and_facts(
    file: h5py.File, place: str, limits: Limits, where: str
) -> tuple[list[str], pd.DataFrame]:
    names = [name.strip() for name in strings(dataset_at(file, f"{place}/id", where), limits, where)]
    facts = {}
    for fact in list(file[place])[: limits.annotations]:
        values = annotation(file[place][fact], limits, where) if fact != "id" else None
        if values is not None and len(values) == len(names):
            facts[fact] = tidy(pd.Series(values)) if values.dtype == object else values
    return names, pd.DataFrame(facts, index=range(len(names)))
