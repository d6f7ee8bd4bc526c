"""Parquet tables: one column of names, the others numbers or annotations."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from landmark.errors import BadData
from landmark.expression.table import Table
from landmark.expression.unpack import Source

MAGIC = b"PAR1"


class Parquet:
    """A Parquet table. The index that pandas kept, or else the first column of text, names the rows."""

    name = "Parquet"
    extensions = (".parquet", ".pq")

    def recognises(self, path: Path, head: bytes) -> bool:
        """Every Parquet file starts with four fixed letters."""
        return head.startswith(MAGIC)

    def read(self, source: Source) -> Table:
        """Read names, numbers and annotations."""
        where = source.path.name
        if source.packing:
            raise BadData(f"{where}: unpack this file first; Parquet is compressed within itself.")
        try:
            return _read(source, where)
        except (pa.ArrowException, OSError, ValueError, TypeError) as error:
            raise BadData(f"{where} is damaged or no Parquet file. Save it again.") from error


def _read(source: Source, where: str) -> Table:
    with pq.ParquetFile(source.path) as file:
        schema = file.schema_arrow
        rows = file.metadata.num_rows
        source.limits.check_matrix(rows, len(schema), source.path.stat().st_size, where)
        texts = [f.name for f in schema if _is_text(f.type)]
        numbers = [f.name for f in schema if _is_number(f.type)]
        if len(set(schema.names)) < len(schema):
            raise BadData(f"{where} has several columns of the same name. Make them unique.")
        others = [f.name for f in schema if not _is_text(f.type) and not _is_number(f.type)]
        if others:
            raise BadData(
                f"The column {others[0]!r} of {where} holds neither numbers nor text. Leave it out."
            )
    if not numbers or not texts:
        lacking = "numbers" if not numbers else "text that names the rows"
        raise BadData(
            f"{where} has no column of {lacking}. A column of names and columns of numbers are expected."
        )
    # Texts stay in their dictionaries: a short file may repeat one long text a million times.
    with pq.ParquetFile(source.path, read_dictionary=texts) as file:
        annotations = {name: _text(file, name, source, where) for name in texts}
        values = np.empty((rows, len(numbers)), dtype=np.float32)
        with np.errstate(over="ignore"):
            for j, name in enumerate(numbers):
                values[:, j] = file.read([name]).column(0).to_numpy()
    index = (schema.pandas_metadata or {}).get("index_columns") or [None]
    names = annotations.pop(index[0] if index[0] in texts else texts[0])
    return Table(values, names, numbers, pd.DataFrame(annotations, index=range(rows)))


def _is_number(kind: pa.DataType) -> bool:
    return pa.types.is_floating(kind) or pa.types.is_integer(kind)


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _text(file: pq.ParquetFile, name: str, source: Source, where: str) -> list[str]:
    column = file.read([name]).column(0).combine_chunks()
    parts = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    for part in parts:
        longest = max((len(text or "") for text in part.dictionary.to_pylist()), default=0)
        if longest > source.limits.name_bytes:
            raise BadData(
                f"The column {name!r} of {where} holds texts longer than {source.limits.name_bytes:,}."
            )
    return ["" if text is None else text for part in parts for text in part.to_pylist()]
