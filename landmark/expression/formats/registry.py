"""All formats, and which of them a file is of."""

from pathlib import Path

from landmark.errors import BadData
from landmark.expression import unread
from landmark.expression.formats.base import Format
from landmark.expression.formats.delimited import Delimited
from landmark.expression.formats.excel import Excel
from landmark.expression.formats.gct import Gct
from landmark.expression.formats.gctx import Gctx
from landmark.expression.formats.gds import Gds
from landmark.expression.formats.h5ad import H5ad
from landmark.expression.formats.hdf5_kinds import Hdf5
from landmark.expression.formats.mtx import MatrixMarket
from landmark.expression.formats.npz import Npz
from landmark.expression.formats.parquet import Parquet
from landmark.expression.formats.series_matrix import SeriesMatrix
from landmark.expression.formats.soft import Soft
from landmark.expression.unpack import Source

FORMATS: tuple[Format, ...] = (
    H5ad(),
    Gctx(),
    Hdf5(),
    Gct(),
    SeriesMatrix(),
    Soft(),
    Gds(),
    Excel(),
    Parquet(),
    Npz(),
    MatrixMarket(),
    Delimited(),
)
"""The narrow ones first: any text could be a table with separators."""


def format_of(source: Source) -> Format:
    """Find the format of a file by its content, and check that its name agrees.

    Raises
    ------
    BadData
        The content is of no known format, or of another than the name says.
    """
    head = source.head()
    if not head.strip():
        raise BadData(f"{source.path.name} is empty. Download or save it again.")
    named = [form for form in FORMATS if source.suffix in form.extensions]
    found = next((form for form in FORMATS if form.recognises(Path(source.name), head)), None)
    unknown = unread.by_content(head) or (unread.by_name(source.name) if found is None else None)
    if unknown is not None:
        raise BadData(unread.complaint(source.path.name, unknown))
    if found is None:
        told = (
            f"not what its name says: it is no {named[0].name}"
            if named
            else "of no format that can be read here"
        )
        raise BadData(f"{source.path.name} is {told}. Readable are: {readable()}.")
    if named and found not in named:
        raise BadData(
            f"{source.path.name} is not what its name says: it should be {named[0].name} and is "
            f"{found.name}. Give it the ending {found.extensions[0]}, or export it again."
        )
    return found


def readable() -> str:
    """Name all formats, for people."""
    return ", ".join(form.name for form in FORMATS)
