"""The way in for expression matrices of any format, in memory or as a stream."""

from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

import h5py
import numpy as np
from anndata import AnnData

from landmark.data.gene_identifiers import Identifier
from landmark.data.gene_names import check_names
from landmark.data.io import unread
from landmark.data.io.excel import EXCEL
from landmark.data.io.files import Axis, Format, Limits, Source, Table, limits, source
from landmark.data.io.gct import GCT, GCTX
from landmark.data.io.geo_text import GDS, SERIES_MATRIX, SOFT, read_soft
from landmark.data.io.h5ad import H5AD
from landmark.data.io.hdf5 import dataset_at, open_hdf5, sample_blocks, sample_rows
from landmark.data.io.layout import DELIMITED
from landmark.data.io.npz import NPZ
from landmark.data.io.parquet import PARQUET
from landmark.data.io.single_cell import HDF5, MATRIX_MARKET
from landmark.data.matrix import arrange, begin, build
from landmark.data.steps.missing import Missing, all_finite, resolve_missing
from landmark.data.steps.stream import BLOCK_BYTES, Stream, ahead
from landmark.errors import BadData
from landmark.progress import Report, silent

FORMATS = (H5AD, GCTX, HDF5, GCT, SERIES_MATRIX, SOFT, GDS, EXCEL, PARQUET, NPZ, MATRIX_MARKET, DELIMITED)
"""The narrow ones first: any text could be a table with separators."""


def format_of(source: Source) -> Format:
    """Find the format of a file by its content, and check that its name agrees.

    BadData: the content is of no known format, or of another than the name says.
    """
    head = source.head()
    if not head.strip():
        raise BadData(f"{source.where} is empty. Download or save it again.")
    named = [form for form in FORMATS if source.suffix in form.extensions]
    found = next((form for form in FORMATS if form.recognises(source.suffix, head)), None)
    unknown = unread.by_content(head) or (unread.by_name(source.name) if found is None else None)
    if unknown is not None:
        raise BadData(unread.complaint(source.where, unknown))
    if found is None:
        told = (
            f"not what its name says: it is no {named[0].name}"
            if named
            else "of no format that can be read here"
        )
        raise BadData(f"{source.where} is {told}. Readable are: {readable()}.")
    if named and found not in named:
        raise BadData(
            f"{source.where} is not what its name says: it should be {named[0].name} and is "
            f"{found.name}. Give it the ending {found.extensions[0]}, or export it again."
        )
    return found


def readable() -> str:
    """Name all formats, for people."""
    return ", ".join(form.name for form in FORMATS)


def read(
    path: str | PathLike[str],
    within: Limits | None = None,
    missing: Missing = "refuse",
    genes_in: Axis | None = None,
    identifier: Identifier | None = None,
    platform: str = "",
    names_from: str = "",
    several: bool = False,
    fewest_samples: int = 2,
) -> AnnData:
    """Read an expression matrix of any format: X float32 [samples, genes], finite, with unique names.

    The format is found from the content and checked against the name; the axis of the genes (``genes_in``) and the kind
    of their names (``identifier``) are found from the names unless given. Annotations of the file come along; what was
    found and done stands in the history (``landmark.data.history``).

    ``within``: limits on size, those of this machine if not given. ``missing``: refuse the file, drop the genes, fill
    in the gene's median, or leave values missing. ``platform``: which one to take of a SOFT family, such as ``GPL96``;
    found where empty.
    ``names_from``: the column that names the genes; empty for the names that the file gives them. ``several``: whether
    genes of one name are going to be brought together (``collapse_probes``); else they are refused.
    ``fewest_samples``: 1 where a single sample makes sense.

    BadData: the file cannot be read or holds no expression matrix: what is wrong, where, how to mend it.
    """
    path = Path(path)
    table = read_file(path, within, platform)
    try:
        return build(table, path.name, missing, genes_in, identifier, names_from, several, fewest_samples)
    except MemoryError as error:
        raise too_large(path) from error


def read_file(path: Path, within: Limits | None = None, platform: str = "") -> Table:
    """Read a file of any format as it is, before anything is decided about it."""
    file = source(path, within or limits())
    form = format_of(file)
    if platform and form is not SOFT:
        raise BadData(f"{path.name} has a single platform, so none can be chosen. Leave the platform out.")
    try:
        return read_soft(file, platform) if platform else form.read(file)
    except MemoryError as error:
        raise too_large(path) from error


def too_large(path: Path) -> BadData:
    """Say that the memory is not enough."""
    return BadData(
        f"{path.name} does not fit into the memory of this machine. Import fewer samples or genes."
    )


PASSING_BYTES = 200_000_000
"""Matrices larger than this pass in blocks where the format allows it; in memory a few copies of them would stand."""


def read_passing(
    path: Path,
    missing: Missing = "refuse",
    genes_in: Axis | None = None,
    identifier: Identifier | None = None,
    report: Report = silent,
    within: Limits | None = None,
    larger_than: int = PASSING_BYTES,
    names_from: str = "",
    several: bool = False,
) -> Stream | None:
    """Open a large file as a stream: what ``read`` would give with the same choices, without holding the values.

    None where ``read`` is the way in: the matrix has no more than ``larger_than`` bytes as float32, or the format must
    be read as a whole. To drop or fill missing values takes passes of their own, which ``report`` follows. Each pass
    goes through the file anew, and refuses it with BadData where it is damaged or holds missing or infinite values.
    BadData as of ``read``, as far as that is seen without the values.
    """
    file = source(path, within or limits())
    form = format_of(file)
    if form.opened is None:
        return None
    state = _state(path)
    with form.opened(file) as (table, X):
        if not isinstance(X, h5py.Dataset) or 4 * X.size <= larger_than:
            return None
        place = X.name
    placed = arrange(table, path.name, genes_in, identifier, names_from, several)
    check_names(placed.samples, "sample")
    check_names(placed.genes, "gene")
    about = AnnData(obs=placed.obs, var=placed.var)
    begin(about, table, placed, path.name)
    axis = placed.orientation.genes_in

    @contextmanager
    def reopened() -> Iterator[h5py.Dataset]:
        if _state(path) != state:
            raise BadData(f"{path.name} was changed while it was read. Start again when it is complete.")
        with open_hdf5(file, looked=True) as again:
            yield dataset_at(again, place, path.name)

    def blocks() -> Iterator[np.ndarray]:
        with reopened() as matrix:
            yield from ahead(sample_blocks(matrix, axis, BLOCK_BYTES))

    def rows(positions: np.ndarray) -> np.ndarray:
        with reopened() as matrix:
            return sample_rows(matrix, axis, positions)

    resolved = resolve_missing(Stream(about, blocks, rows), missing, report)
    return resolved if missing == "leave" else all_finite(resolved)


def _state(path: Path) -> tuple[int, ...]:
    """Give what changes whenever a file does; the last cannot be set by a user."""
    now = path.stat()
    return now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns
