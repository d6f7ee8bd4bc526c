"""MatrixMarket (.mtx) with the names of cells and genes in files beside it, as Cell Ranger, STARsolo and GEO have them.

The three files, ``matrix.mtx``, ``barcodes.tsv`` and ``features.tsv`` (``genes.tsv`` before Cell Ranger 3), stand in a
folder or in one zip archive, packed with gzip or not, and may share a beginning such as ``GSM123_``.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.io import mmread

from landmark.errors import BadData
from landmark.expression.formats.cells import KIND, SYMBOL, cell_table
from landmark.expression.formats.text import lines_of
from landmark.expression.table import Table
from landmark.expression.unpack import Source

BANNER = b"%%MatrixMarket"
CELLS, FEATURES = ("barcodes",), ("features", "genes")
SIZES = re.compile(rb"\s*(\d{1,12})\s+(\d{1,12})(?:\s+(\d{1,15}))?\s*\n")
STORED_BYTES = 16
"""Of a value that is not zero, with its row and column, while it is read."""


class MatrixMarket:
    """A MatrixMarket file with its files of names."""

    name = "MatrixMarket (mtx) with its files of names"
    extensions = (".mtx",)

    def recognises(self, path: Path, head: bytes) -> bool:
        """Every such file says so in its first line."""
        return head.startswith(BANNER)

    def read(self, source: Source) -> Table:
        """Read the matrix and the names beside it; the lengths tell which axis the cells are on."""
        where = source.path.name
        cells_file, features_file = _named_by(source, CELLS), _named_by(source, FEATURES)
        if cells_file is None or features_file is None:
            raise BadData(
                f"{where} is a MatrixMarket matrix, which holds no names. Put barcodes.tsv and features.tsv (or "
                "genes.tsv) beside it in a folder, or pack the three files into one zip archive."
            )
        rows, columns = _sizes(source)
        matrix = _values(source, (rows, columns))
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
        about = pd.DataFrame({name: [_field(f, i) for f in features] for i, name in ((1, SYMBOL), (2, KIND))})
        return cell_table(
            matrix,
            [fields[0] for fields in cells],
            [fields[0] for fields in features],
            about.loc[:, (about != "").any()],
            where,
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


def _sizes(source: Source) -> tuple[int, int]:
    """Read the sizes that a file claims, and refuse those that would not fit, before anything else is read."""
    where, size = source.path.name, source.path.stat().st_size
    banner, *lines = source.head().splitlines(keepends=True)
    words = banner.lower().split()
    if (
        len(words) < 5
        or words[3] not in (b"real", b"integer", b"pattern", b"double")
        or words[1] != b"matrix"
    ):
        raise BadData(
            f"{where} holds no matrix of real numbers: {banner[:80].decode('utf-8', 'replace').strip()!r}."
        )
    line = next((line for line in lines if line.strip() and not line.startswith(b"%")), b"")
    sizes = SIZES.fullmatch(line)
    if sizes is None:
        raise BadData(f"{where} does not say the sizes of its matrix. Download or save it again.")
    rows, columns = int(sizes[1]), int(sizes[2])
    source.limits.check_matrix(rows, columns, size, where)
    source.limits.check_bytes(STORED_BYTES * int(sizes[3] or 0), size, where)
    return rows, columns


def _values(source: Source, shape: tuple[int, int]) -> sparse.csc_matrix | np.ndarray:
    try:
        with source.open() as stream:
            read = mmread(stream, spmatrix=False)
    except (ValueError, OverflowError, TypeError, RuntimeError, OSError) as error:
        if isinstance(error.__cause__, BadData):
            raise error.__cause__ from None
        raise BadData(
            f"{source.path.name} is damaged or cut short: {error}. Download or save it again."
        ) from error
    if read.shape != shape:
        raise BadData(f"{source.path.name} is damaged: its matrix has another size than it says.")
    return sparse.csc_array(read.astype(np.float32)) if sparse.issparse(read) else read.astype(np.float32)


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


def _field(fields: list[str], position: int) -> str:
    return fields[position] if len(fields) > position else ""
