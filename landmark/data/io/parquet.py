"""Parquet tables: the index of pandas or a column of text names the rows, the others are numbers or annotations."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from landmark.data.gene_names import named
from landmark.data.io.files import Format, Source, Table
from landmark.errors import BadData

MAGIC = b"PAR1"


def _read_parquet(source: Source) -> Table:
    """Read names, numbers and annotations."""
    where = source.where
    if source.packing:
        raise BadData(f"{where}: unpack this file first; Parquet is compressed within itself.")
    try:
        return _read(source, where)
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        raise BadData(f"{where} is damaged or no Parquet file. Save it again.") from error


PARQUET = Format("Parquet", (".parquet", ".pq"), lambda suffix, head: head.startswith(MAGIC), _read_parquet)
"""The index that pandas kept, or else the first column of text, names the rows."""


def _read(source: Source, where: str) -> Table:
    with pq.ParquetFile(source.path) as file:
        schema = file.schema_arrow
        rows = file.metadata.num_rows
        _check_sizes(file.metadata, source)
        texts = [f.name for f in schema if _is_text(f.type)]
        numbers = [f.name for f in schema if _is_number(f.type)]
        truths = [f.name for f in schema if pa.types.is_boolean(f.type)]
        if len(set(schema.names)) < len(schema):
            raise BadData(f"{where} has several columns of the same name. Make them unique.")
        others = [name for name in schema.names if name not in {*texts, *numbers, *truths}]
        if others:
            raise BadData(
                f"The column {others[0]!r} of {where} holds neither numbers nor text. Leave it out."
            )
    index = _index(schema, texts)
    if index in numbers:
        numbers.remove(index)
    if not numbers or not index:
        lacking = "numbers" if not numbers else "text that names the rows"
        raise BadData(
            f"{where} has no column of {lacking}. A column of names and columns of numbers are expected."
        )
    # Texts stay in their dictionaries: a short file may repeat one long text a million times.
    with pq.ParquetFile(source.path, read_dictionary=texts) as file:
        annotations: dict[str, Sequence[object]] = {name: _text(file, name, source) for name in texts}
        annotations |= {name: file.read([name]).column(0).to_pandas() for name in truths}
        names = annotations.pop(index) if index in annotations else _whole_numbers(file, index, where)
        values = np.empty((rows, len(numbers)), dtype=np.float32)
        with np.errstate(over="ignore"):
            for j, name in enumerate(numbers):
                values[:, j] = file.read([name]).column(0).to_numpy()
    genes, facts, notes = named(list(map(str, names)), pd.DataFrame(annotations, index=range(rows)))
    return Table(values, genes, numbers, facts, notes=notes)


def _check_sizes(metadata: pq.FileMetaData, source: Source) -> None:
    """Refuse what the file claims before anything of it is unpacked: its matrix, and the pages that hold it."""
    source.check_matrix(metadata.num_rows, metadata.num_columns)
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    unpacked = sum(
        group.column(j).total_uncompressed_size for group in groups for j in range(group.num_columns)
    )
    source.check_unpacked(unpacked)


def _index(schema: pa.Schema, texts: list[str]) -> str:
    """Find the column that names the rows: the index that pandas kept, one of text first; else the first of text."""
    kept = [
        name for name in (schema.pandas_metadata or {}).get("index_columns") or [] if name in schema.names
    ]
    whole = [name for name in kept if pa.types.is_integer(schema.field(name).type)]
    return next(iter([*(name for name in kept if name in texts), *whole, *texts]), "")


def _is_number(kind: pa.DataType) -> bool:
    return pa.types.is_floating(kind) or pa.types.is_integer(kind)


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _text(file: pq.ParquetFile, name: str, source: Source) -> list[str]:
    """Read a column of text; rows that share a text share one object, and all together are no longer than allowed."""
    where = source.where
    found: list[str] = []
    characters = 0
    for part in file.read([name]).column(0).chunks:
        known = ["" if text is None else text for text in part.dictionary.to_pylist()]
        lengths = np.array([len(text) for text in known] + [0])
        if lengths.max() > source.limits.name_bytes:
            raise BadData(
                f"The column {name!r} of {where} holds texts longer than {source.limits.name_bytes:,}."
            )
        codes = part.indices.fill_null(len(known)).to_numpy(zero_copy_only=False)
        characters += int(lengths[codes].sum())
        source.check_unpacked(characters)
        known.append("")
        found += [known[code] for code in codes.tolist()]
    return found


def _whole_numbers(file: pq.ParquetFile, name: str, where: str) -> list[int]:
    """Read an index of numbers, such as Entrez identifiers."""
    column = file.read([name]).column(0)
    if column.null_count:
        raise BadData(f"The index {name!r} of {where} lacks some numbers. Name every row.")
    return column.to_pylist()
