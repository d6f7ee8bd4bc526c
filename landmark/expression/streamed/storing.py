"""Write a stream as AnnData (h5ad), row after row, and read such a file as a stream again."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anndata
import h5py
import numpy as np

from landmark.errors import BadData
from landmark.expression.formats.hdf5_blocks import sample_blocks, sample_rows
from landmark.expression.history import KEY
from landmark.expression.streamed.stream import BLOCK_BYTES, Stream, ahead, without_values
from landmark.progress import Report, silent

MATRIX = "X"
ARRAY = {"encoding-type": "array", "encoding-version": "0.2.0"}
"""How AnnData marks a dense matrix in its files."""

SPARE_BYTES = 200_000_000
"""Left free on the disk beside the values: for annotations, and for others."""


def write_stored(
    stream: Stream, path: Path, report: Report = silent, stage: str = "Storing the dataset"
) -> str:
    """Write a stream as h5ad with float32 values, each sample in one piece so that training reads rows at full speed.

    Parameters
    ----------
    stream
        What to write; passed over once.
    path
        The file; must not exist. A failure leaves it half-written: the caller removes it.
    report
        Receives progress in samples.
    stage
        What it is called in the progress.

    Returns
    -------
    str
        SHA-256 of the content, in hexadecimal: values as float32 in row order, ``obs`` and ``var`` as CSV,
        ``uns["landmark"]`` as JSON.

    Raises
    ------
    BadData
        The disk has not enough room, or the stream's values cannot be used.
    """
    check_room(stream.bytes, path.parent)
    about = stream.about.copy()  # writing turns text into categories
    parts = (about.obs.to_csv(), about.var.to_csv(), _plain(about.uns[KEY]))
    about.write_h5ad(path)
    digest = hashlib.sha256()
    with h5py.File(path, "r+") as file:
        matrix = file.create_dataset(MATRIX, (stream.samples, stream.genes), "f4", fill_time="never")
        matrix.attrs.update(ARRAY)
        for first, block in stream.reported(report, stage):
            digest.update(block.data)
            matrix[first : first + len(block)] = block
    for part in parts:
        digest.update(part.encode())
    return digest.hexdigest()


def stored(path: Path) -> Stream:
    """Let a matrix that ``write_stored`` wrote pass as a stream."""
    opened = anndata.read_h5ad(path, backed="r")
    try:
        about = without_values(opened.obs, opened.var, opened.uns)
    finally:
        opened.file.close()

    def blocks() -> Iterator[np.ndarray]:
        with h5py.File(path, "r") as file:
            yield from ahead(sample_blocks(file[MATRIX], "columns", BLOCK_BYTES))

    def rows(positions: np.ndarray) -> np.ndarray:
        with h5py.File(path, "r") as file:
            return sample_rows(file[MATRIX], "columns", positions)

    return Stream(about, blocks, rows)


def check_room(needed: int, folder: Path) -> None:
    """Refuse what the disk cannot hold.

    Raises
    ------
    BadData
        Fewer than ``needed`` bytes and ``SPARE_BYTES`` are free where ``folder`` is.
    """
    free = shutil.disk_usage(folder).free
    if needed + SPARE_BYTES > free:
        raise BadData(
            f"The matrix needs {_size(needed)} on the disk, {_size(SPARE_BYTES)} more are kept free there, and only "
            f"{_size(free)} are free at {folder}. Free some space, or use a larger disk: for datasets, LANDMARK_HOME "
            "says which."
        )


def _size(count: int) -> str:
    """Write a number of bytes in the unit that suits it."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:,.1f} {unit}".replace(".0 ", " ")
    return f"{count} bytes"


def _plain(value: Any) -> str:
    return json.dumps({key: np.asarray(item).tolist() for key, item in value.items()}, sort_keys=True)
