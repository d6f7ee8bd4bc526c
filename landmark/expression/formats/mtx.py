"""MatrixMarket (.mtx) with the names of cells and genes in files beside it, as Cell Ranger, STARsolo and GEO have them.

The three files, ``matrix.mtx``, ``barcodes.tsv`` and ``features.tsv`` (``genes.tsv`` before Cell Ranger 3), stand in a
folder or in one zip archive, packed with gzip or not, and may share a beginning such as ``GSM123_``. The values are
read here: the reader of SciPy 1.17 ends the whole process on damaged files.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd
from scipy import sparse

from landmark.errors import BadData
from landmark.expression.formats.cells import KIND, SYMBOL, cell_table
from landmark.expression.formats.text import lines_of
from landmark.expression.table import Table
from landmark.expression.unpack import Source

BANNER = b"%%MatrixMarket"
CELLS, FEATURES = ("barcodes",), ("features", "genes")
SIZES = re.compile(rb"\s*(\d{1,12})\s+(\d{1,12})(?:\s+(\d{1,15}))?\s*\n")
STORED_BYTES = 24
"""Of a value that is not zero, with its row and column, while it is read."""

CHUNK = 1_000_000
LONGEST = 10_000
"""Bytes of a line before the values."""


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
    where, size = source.path.name, source.path.stat().st_size
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
    source.limits.check_matrix(rows, columns, size, where)
    source.limits.check_bytes(STORED_BYTES * stored, size, where)
    return _Header(rows, columns, stored, dense, words[3] == "pattern")


def _values(source: Source) -> np.ndarray | sparse.csc_array:
    """Read the matrix as float32, its axes as in the file."""
    damaged = BadData(f"{source.path.name} is damaged or cut short. Download or save it again.")
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


def _field(fields: list[str], position: int) -> str:
    return fields[position] if len(fields) > position else ""
