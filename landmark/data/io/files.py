"""What a reader takes, a file as it comes, packed or plain, within limits; and the table that it gives."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

import numpy as np
import pandas as pd

from landmark.data.io.unread import by_content, by_name, complaint
from landmark.errors import BadData
from landmark.settings import settings

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Bounds that every reader holds."""

    unpacked_bytes: int  # what a compressed file may unpack to
    # a file larger than ``unpacked_bytes`` on disk may claim this many times its own size; real expression
    # matrices compress less than tenfold
    growth: int = 10
    # a packed file may unpack to this many times its own size, and the texts of a Parquet file or a workbook
    # may be this many times as long as the file; text of real matrices is 3 to 40 times as long as the packed
    # file
    ratio: int = 250
    free_bytes: int = 16 * MEGABYTE  # so much may come out of the smallest file
    names: int = 5_000_000  # longest axis: samples or genes
    name_bytes: int = 10_000  # longest single name or annotation, in bytes
    # longest line of a text file: 130,000 samples of 20 characters are 2.6 MB
    line_bytes: int = 64 * MEGABYTE
    annotations: int = 2_000  # most annotation columns kept per axis
    objects: int = 100_000  # most objects in an HDF5 file and members in an archive
    # most cells read from a sheet of a workbook, empty ones included; they are read slowly
    sheet_cells: int = 20_000_000
    # last row that a sheet may have, empty ones included; Excel itself has no more
    sheet_rows: int = 1_048_576
    seconds: float = 120  # longest time that looking through an HDF5 file may take before it is read


def limits() -> Limits:
    """Give the limits of this machine, as far as they are settings."""
    chosen = settings()
    return Limits(
        unpacked_bytes=chosen.max_upload_mb * MEGABYTE,
        ratio=chosen.max_growth,
        names=chosen.max_names,
        sheet_cells=chosen.max_cells,
    )


Packing = Literal["", "gzip", "xz", "bzip2", "zip"]

HEAD_BYTES = 65_536
MAGIC: dict[bytes, Packing] = {
    b"\x1f\x8b": "gzip",
    b"\xfd7zXZ\x00": "xz",
    b"BZh": "bzip2",
    b"PK\x03\x04": "zip",
}
SUFFIXES: dict[str, Packing] = {".gz": "gzip", ".xz": "xz", ".bz2": "bzip2", ".zip": "zip"}
DAMAGED = (
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    OSError,
    ValueError,
    NotImplementedError,  # a version or a method of packing that zip files never have unless damaged
    RuntimeError,
)
"""What the unpackers of the standard library raise for damaged files."""

ZIP_BASED = (".xlsx", ".xlsm", ".npz")
"""File kinds that are zip archives themselves; their own readers open them."""

MATRIX_MARKET = ".mtx"  # the ending of matrices whose names stand in files beside them


@dataclass(frozen=True)
class Source:
    """A file to read."""

    path: Path  # where it is
    name: str  # its name without the suffix of the packing: ``matrix.csv`` for ``matrix.csv.gz``
    packing: Packing  # how it is packed; empty where it is not
    limits: Limits  # what may come out of it
    member: str = ""  # the file within a zip archive that is meant; empty for other files

    @property
    def suffix(self) -> str:
        """The suffix of the content, in lower case: ``.csv`` for ``matrix.csv.gz``."""
        return Path(self.name).suffix.lower()

    @property
    def where(self) -> str:
        """What messages call it."""
        return self.path.name

    @cached_property
    def size(self) -> int:
        """Its bytes on disk."""
        return self.path.stat().st_size

    def check_matrix(self, rows: int, columns: int) -> None:
        """Refuse a declared matrix that has an empty or too long axis, or would not fit as float32."""
        if rows < 1 or columns < 1:
            raise BadData(f"{self.where} holds no values: its matrix is {rows:,} x {columns:,}.")
        if max(rows, columns) > self.limits.names:
            raise BadData(
                f"{self.where} claims a matrix of {rows:,} x {columns:,}; at most {self.limits.names:,} per axis are "
                "read."
            )
        self.check_bytes(rows * columns * 4)

    def check_text(self, characters: int) -> None:
        """Refuse names or annotations of which one column has more characters than any file may unpack to."""
        if characters > self.limits.unpacked_bytes:
            raise BadData(
                f"{self.where} holds more than {self.limits.unpacked_bytes / MEGABYTE:,.0f} MB of names in one column: "
                "it is no expression matrix."
            )

    def check_unpacked(self, unpacked: int) -> None:
        """Refuse content that takes so many bytes once it is unpacked."""
        most = min(self._allowed, max(self.limits.free_bytes, self.limits.ratio * self.size))
        if unpacked > most:
            setting = "MAX_GROWTH" if most < self.limits.unpacked_bytes else "MAX_UPLOAD_MB"
            raise BadData(
                f"{self.where} unpacks to more than {most / MEGABYTE:,.0f} MB, from {self.size / MEGABYTE:,.2f} MB. If "
                f"the file is sound, raise LANDMARK_{setting}."
            )

    def check_bytes(self, claimed: int) -> None:
        """Refuse a claim of so many bytes of values."""
        if claimed > self._allowed:
            raise BadData(
                f"{self.where} claims {claimed / MEGABYTE:,.0f} MB of values in a file of "
                f"{self.size / MEGABYTE:,.1f} MB; at most {self._allowed / MEGABYTE:,.0f} MB are read. If the file is "
                "sound, raise LANDMARK_MAX_UPLOAD_MB."
            )

    @property
    def _allowed(self) -> int:
        return max(self.limits.unpacked_bytes, self.limits.growth * self.size)

    def open(self) -> BinaryIO:
        """Open the unpacked content as a binary stream that keeps to the limits."""
        return io.BufferedReader(_Capped(self._stream(), self), 1 << 18)

    def head(self) -> bytes:
        """Read the first bytes of the unpacked content."""
        with self.open() as stream:
            return stream.read(HEAD_BYTES)

    def beside(self) -> "list[Source]":
        """Give the other files of the same archive, or of the same folder; none that is a link."""
        if self.packing == "zip":
            return [
                Source(self.path, _plain_name(other.filename), "zip", self.limits, other.filename)
                for other in _members(self.path)
                if other.filename != self.member
            ]
        files = [path for path in sorted(self.path.parent.iterdir()) if path != self.path]
        return [
            Source(path, _plain_name(path.name), SUFFIXES.get(path.suffix.lower(), ""), self.limits)
            for path in files
            if path.is_file() and not path.is_symlink()
        ]

    def _stream(self) -> BinaryIO:
        try:
            match self.packing:
                case "gzip":
                    return cast(BinaryIO, gzip.open(self.path))
                case "xz":
                    return cast(BinaryIO, lzma.open(self.path))
                case "bzip2":
                    return cast(BinaryIO, bz2.open(self.path))
                case "zip":
                    return _opened_member(self.path, self.member)
            return self.path.open("rb")
        except DAMAGED as error:
            raise _damaged(self.path) from error


def source(path: Path, limits: Limits) -> Source:
    """Look at a file's name and first bytes and say how it is packed.

    BadData: the file is missing, is a folder without a matrix of MatrixMarket, is empty, is of a kind that is
    known and not read, or its name promises a packing that it does not have.
    """
    path = _matrix_of(path) if path.is_dir() else path
    if not path.is_file():
        raise BadData(f"{path} is not a file. Give the path of an expression matrix.")
    try:
        with path.open("rb") as stream:
            magic = stream.read(8)
    except OSError as error:
        raise BadData(f"{path.name} cannot be opened: {error.strerror}.") from error
    if not magic:
        raise BadData(f"{path.name} is empty. Download or save it again.")
    found: Packing = next((kind for start, kind in MAGIC.items() if magic.startswith(start)), "")
    suffix = path.suffix.lower()
    if suffix in ZIP_BASED:
        return Source(path, path.name, "", limits)
    named: Packing = SUFFIXES.get(suffix, "")
    if named and named != found:
        raise BadData(
            f"{path.name} is not what its name says: it is no {named} file. Download or pack it again."
        )
    packed = Source(path, path.name, found, limits)
    if found and not named:
        _refuse_unread(packed)
        raise BadData(
            f"{path.name} is not what its name says: it is packed with {found}. Add the suffix of the "
            "packing to its name, or unpack it."
        )
    if found == "zip":
        member = _main_member(packed)
        return replace(packed, name=_plain_name(member), member=member)
    return replace(packed, name=path.stem) if named else packed


def _refuse_unread(packed: Source) -> None:
    """Refuse a packed file whose name does not say so, if its kind is known: R packs its data so."""
    if packed.packing == "zip":
        kind = by_content(b"", [member.filename for member in _members(packed.path)])
    else:
        kind = by_content(packed.head())
    kind = kind or by_name(packed.name)
    if kind is not None:
        raise BadData(complaint(packed.where, kind))


def _matrix_of(folder: Path) -> Path:
    """Find the matrix in a folder that holds one with its names, as Cell Ranger writes them."""
    found = [path for path in sorted(folder.iterdir()) if _plain_name(path.name).endswith(MATRIX_MARKET)]
    if len(found) != 1:
        raise BadData(
            f"{folder} is a folder with {len(found)} matrices of the MatrixMarket kind. Give the file to import."
        )
    return found[0]


def _members(path: Path) -> list[zipfile.ZipInfo]:
    """List the files in a zip archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except DAMAGED as error:
        raise _damaged(path) from error
    return [m for m in members if not m.is_dir() and not m.filename.startswith("__MACOSX/")]


def _main_member(packed: Source) -> str:
    """Find the file in a zip archive that holds the matrix: the only one, or the only MatrixMarket file."""
    where, members = packed.where, _members(packed.path)
    if len(members) > 1:
        kind = by_content(b"", [member.filename for member in members])
        if kind is not None:
            raise BadData(complaint(where, kind))
    matrices = [m for m in members if _plain_name(m.filename).endswith(MATRIX_MARKET)]
    if len(members) != 1 and len(matrices) != 1:
        raise BadData(f"{where} holds {len(members)} files; pack the expression matrix alone.")
    (member,) = members if len(members) == 1 else matrices
    if member.flag_bits & 1:
        raise BadData(f"{where} is protected by a password. Unpack it and give the file inside.")
    packed.check_bytes(member.file_size)
    return member.filename


def _opened_member(path: Path, member: str) -> BinaryIO:
    """Open a file of a zip archive, which may be packed itself."""
    archive = zipfile.ZipFile(path)
    stream = cast(BinaryIO, archive.open(member))
    return cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if member.lower().endswith(".gz") else stream


def _plain_name(name: str) -> str:
    """Give the bare name of a file without the suffix of its packing."""
    bare = Path(name.replace("\\", "/"))
    return bare.stem if bare.suffix.lower() in SUFFIXES else bare.name


def _damaged(path: Path) -> BadData:
    return BadData(f"{path.name} is damaged or cut short and cannot be unpacked. Download or pack it again.")


class _Capped(io.RawIOBase):
    """A stream that counts what it gives and stops at the limits: in all, and in one line."""

    def __init__(self, stream: BinaryIO, of: Source) -> None:
        super().__init__()
        self._stream, self._of, self._given = stream, of, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except DAMAGED as error:
            raise _damaged(self._of.path) from error
        self._given += len(data)
        if self._of.packing:
            self._of.check_unpacked(self._given)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


Axis = Literal["rows", "columns"]


@dataclass(frozen=True)
class Table:
    """A matrix with names on both axes, as the file has it."""

    values: np.ndarray  # float32 [rows, columns]
    # names along each axis, as in the file
    rows: list[str]
    columns: list[str]
    # further facts per row or column, in their order; columns are the names of the facts
    row_annotations: pd.DataFrame = field(default_factory=pd.DataFrame)
    column_annotations: pd.DataFrame = field(default_factory=pd.DataFrame)
    # the axis on which the format puts genes; None where the format leaves that open
    genes_in: Axis | None = None
    # what the file says of itself; empty where it says nothing
    unit: str = ""
    title: str = ""
    source: str = ""
    # what was done to the values before they came into this file, as recorded by this program
    provenance: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # decisions of the reader that a person should know, one sentence each
    # platforms of the samples and the number of samples of each, where the file has several: the first is
    # taken
    platforms: Mapping[str, int] = field(default_factory=dict)
    # whether files of this format sometimes name samples by their group
    names_may_repeat: bool = False


@dataclass(frozen=True)
class Format:
    """A kind of file, and its reader, which keeps to ``source.limits`` and raises BadData where it cannot be used."""

    name: str  # for people: "GCT"
    extensions: tuple[str, ...]  # endings, in lower case with the dot, that promise this format
    # by the ending and the first bytes of the unpacked content
    recognises: Callable[[str, bytes], bool]
    read: Callable[[Source], Table]
    # gives all but the values and where these stand in the file, if they can be read in blocks (``io.hdf5``)
    opened: Callable[[Source], AbstractContextManager[tuple[Table, Any]]] | None = None
