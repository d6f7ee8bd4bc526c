"""Write an expression matrix in the formats of the field, so that reading it again gives the same float32 values.

The values pass in blocks, so that a matrix may be larger than memory; only what is complete gets the name asked for.
"""

import os
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from anndata import AnnData

from landmark.data.steps.stream import Stream, check_room, from_memory, write_stored
from landmark.errors import BadConfiguration
from landmark.progress import Report, silent

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

CHUNK_BYTES = 1_000_000
"""Of a GCTX file: some whole samples, fewer bytes than the cache of the HDF5 library holds."""

ROW_GROUP_BYTES = 256_000_000  # of a Parquet file: each group describes all genes anew
LOT_BYTES = 256_000_000
"""Genes are gathered for GCT, which has them in rows, so many bytes at a time: each lot takes a pass."""

TEXT_BYTES = 2.5  # bytes of a value as text, for one byte as float32
STAGE = "Writing the file"


def write(matrix: AnnData | Stream, path: Path, report: Report = silent) -> None:
    """Write a matrix in the format that the file's ending names: .csv, .gct, .gctx, .h5ad or .parquet.

    A file of that name is replaced when the new one is complete; nothing is left behind where ``report``
    raises ``Cancelled``. BadConfiguration: the ending is none of these. BadData: the disk has not enough
    room, or the stream's values cannot be used.
    """
    ending = path.suffix.lower()
    if ending not in WRITERS:
        raise BadConfiguration(f"{path.name}: the ending should be one of {', '.join(WRITERS)}")
    stream = matrix if isinstance(matrix, Stream) else from_memory(matrix)
    check_room(int(stream.bytes * (TEXT_BYTES if ending in (".csv", ".gct") else 1)), path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        WRITERS[ending](stream, draft, report)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def harmless(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _csv(stream: Stream, path: Path, report: Report) -> None:
    """Write the values, samples in rows; names that a spreadsheet would run as formulas get an apostrophe in front."""
    samples, genes = ([harmless(name) for name in names] for names in _names(stream))
    with path.open("w", encoding="utf-8", newline="") as file:
        for first, block in stream.reported(report, STAGE):
            table = pd.DataFrame(block, samples[first : first + len(block)], genes)
            table.to_csv(file, index_label="sample", header=not first, lineterminator="\n")


def _gct(stream: Stream, path: Path, report: Report) -> None:
    """Write GCT 1.3, genes in rows, with all annotations of samples and genes."""
    names, genes = _names(stream)
    about_genes, about_samples = _facts(stream.about.var), _facts(stream.about.obs)
    at_once = max(1, LOT_BYTES // (4 * stream.samples))
    lots = [slice(start, min(start + at_once, stream.genes)) for start in range(0, stream.genes, at_once)]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"#1.3\n{stream.genes}\t{stream.samples}\t{len(about_genes)}\t{len(about_samples)}\n")
        file.write("\t".join(["id", *about_genes, *map(_plain, names)]) + "\n")
        for name, values in about_samples.items():
            file.write("\t".join([name, *["na"] * len(about_genes), *values]) + "\n")
        for number, lot in enumerate(lots, 1):
            X = np.empty((lot.stop - lot.start, stream.samples), np.float32)
            for first, block in stream.reported(report, f"{STAGE}, part {number} of {len(lots)}"):
                X[:, first : first + len(block)] = block[:, lot].T
            for i, row in enumerate(X, lot.start):
                facts = [values[i] for values in about_genes.values()]
                # str of a float32 is the shortest decimal that reads back as the same float32.
                file.write("\t".join([_plain(genes[i]), *facts, *map(str, row)]) + "\n")


def _gctx(stream: Stream, path: Path, report: Report) -> None:
    """Write GCTX 1.0: samples x genes at /0/DATA/0/matrix, with all annotations of samples and genes."""
    tall = min(stream.samples, max(1, CHUNK_BYTES // (4 * stream.genes)))
    with h5py.File(path, "w") as file:
        file.attrs["version"] = "GCTX1.0"
        matrix = file.create_dataset(
            "0/DATA/0/matrix",
            (stream.samples, stream.genes),
            "f4",
            chunks=(tall, stream.genes),
            compression="gzip",
        )
        for first, block in stream.reported(report, STAGE):
            matrix[first : first + len(block)] = block
        about = stream.about
        for place, names, annotations in (
            ("0/META/ROW", about.var_names, about.var),
            ("0/META/COL", about.obs_names, about.obs),
        ):
            group = file.create_group(place)
            group.create_dataset("id", data=list(names), dtype=h5py.string_dtype())
            for column in annotations:
                values, name = annotations[column], _beside_names(str(column), annotations)
                if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
                    group.create_dataset(name, data=values.to_numpy())
                else:
                    text = [
                        "" if missing else str(v) for v, missing in zip(values, values.isna(), strict=True)
                    ]
                    group.create_dataset(name, data=text, dtype=h5py.string_dtype())


def _beside_names(column: str, annotations: pd.DataFrame) -> str:
    """Call an annotation otherwise that is called as GCTX calls the names: samples of LINCS have an "id" besides."""
    if column != "id":
        return column
    name = "id (annotation)"
    while name in annotations:
        name += "+"
    return name


def _h5ad(stream: Stream, path: Path, report: Report) -> None:
    """Write AnnData with annotations and history, as datasets are stored."""
    write_stored(stream, path, report, STAGE)


def _parquet(stream: Stream, path: Path, report: Report) -> None:
    """Write the values: a column ``sample``, then one column per gene."""
    samples, genes = _names(stream)
    column = "sample" if "sample" not in genes else "sample name"
    schema = pa.schema([(column, pa.string()), *((gene, pa.float32()) for gene in genes)])
    rows_per_group = max(1, ROW_GROUP_BYTES // (4 * stream.genes))
    waiting: list[np.ndarray] = []
    written = 0
    with pq.ParquetWriter(path, schema) as file:
        for first, block in stream.reported(report, STAGE):
            waiting.append(block)
            seen = first + len(block)
            if seen - written >= rows_per_group or seen == stream.samples:
                X = np.concatenate(waiting)
                columns = [pa.array(samples[written:seen]), *(pa.array(values) for values in X.T)]
                file.write_table(pa.Table.from_arrays(columns, schema=schema))
                waiting, written = [], seen


WRITERS: dict[str, Callable[[Stream, Path, Report], None]] = {
    ".csv": _csv,
    ".gct": _gct,
    ".gctx": _gctx,
    ".h5ad": _h5ad,
    ".parquet": _parquet,
}


def _names(stream: Stream) -> tuple[list[str], list[str]]:
    return [str(name) for name in stream.about.obs_names], [str(name) for name in stream.about.var_names]


def _facts(annotations: pd.DataFrame) -> dict[str, list[str]]:
    """Give annotations as text of one line each."""
    return {
        _plain(column): [
            "na" if missing else _plain(value)
            for value, missing in zip(annotations[column], annotations[column].isna(), strict=True)
        ]
        for column in annotations
    }


def _plain(value: object) -> str:
    """Turn a value into text without tabs, line ends or double quotes, which would shift the columns.

    A text that a spreadsheet would run as a formula gets an apostrophe in front; a number stays as it is.
    """
    if isinstance(value, int | float | np.number):
        return repr(value) if isinstance(value, float | np.floating) else str(value)
    return harmless(" ".join(str(value).replace('"', "'").split()))
