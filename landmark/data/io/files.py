"""What a reader takes, a file as it comes, packed or plain, within limits; and the table that it gives."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal, cast

import numpy as np
import pandas as pd

from landmark.data.io.limits import Limits
from landmark.data.io.unread import by_content, by_name, complaint
from landmark.errors import BadData

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

MATRIX_MARKET = ".mtx"
"""The ending of matrices whose names stand in files beside them."""


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
    if found and not named:
        _refuse_unread(Source(path, path.name, found, limits))
        raise BadData(
            f"{path.name} is not what its name says: it is packed with {found}. Add the suffix of the "
            "packing to its name, or unpack it."
        )
    if found == "zip":
        member = _main_member(path, limits)
        return Source(path, _plain_name(member), found, limits, member)
    return Source(path, path.stem if named else path.name, found, limits)


def _refuse_unread(packed: Source) -> None:
    """Refuse a packed file whose name does not say so, if its kind is known: R packs its data so."""
    if packed.packing == "zip":
        kind = by_content(b"", [member.filename for member in _members(packed.path)])
    else:
        kind = by_content(packed.head())
    kind = kind or by_name(packed.name)
    if kind is not None:
        raise BadData(complaint(packed.path.name, kind))


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


def _main_member(path: Path, limits: Limits) -> str:
    """Find the file in a zip archive that holds the matrix: the only one, or the only MatrixMarket file."""
    members = _members(path)
    if len(members) > 1:
        kind = by_content(b"", [member.filename for member in members])
        if kind is not None:
            raise BadData(complaint(path.name, kind))
    matrices = [m for m in members if _plain_name(m.filename).endswith(MATRIX_MARKET)]
    if len(members) != 1 and len(matrices) != 1:
        raise BadData(f"{path.name} holds {len(members)} files; pack the expression matrix alone.")
    (member,) = members if len(members) == 1 else matrices
    if member.flag_bits & 1:
        raise BadData(f"{path.name} is protected by a password. Unpack it and give the file inside.")
    limits.check_bytes(member.file_size, path.stat().st_size, path.name)
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
        self._on_disk = of.path.stat().st_size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except DAMAGED as error:
            raise _damaged(self._of.path) from error
        self._given += len(data)
        if self._of.packing:
            self._of.limits.check_unpacked(self._given, self._on_disk, self._of.path.name)
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
