"""The protocol of a format, the list of all formats, and the choice of one for a file."""

from pathlib import Path
from typing import Protocol

from landmark.data.io import unread
from landmark.data.io.excel import Excel
from landmark.data.io.gct import Gct, Gctx
from landmark.data.io.geo_text import Gds, SeriesMatrix, Soft
from landmark.data.io.h5ad import H5ad
from landmark.data.io.layout import Delimited
from landmark.data.io.npz import Npz
from landmark.data.io.parquet import Parquet
from landmark.data.io.single_cell import Hdf5, MatrixMarket
from landmark.data.io.unpack import Source
from landmark.data.table import Table
from landmark.errors import BadData


class Format(Protocol):
    """A kind of file."""

    @property
    def name(self) -> str:
        """For people: "GCT"."""
        ...

    @property
    def extensions(self) -> tuple[str, ...]:
        """Endings, in lower case with the dot, that promise this format."""
        ...

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell from the first bytes of the unpacked content whether the file is of this format."""
        ...

    def read(self, source: Source) -> Table:
        """Read the file within ``source.limits``; raises BadData where it cannot be used."""
        ...


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

    BadData: the content is of no known format, or of another than the name says.
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
