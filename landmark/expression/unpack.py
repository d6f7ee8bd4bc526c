"""Open a file, packed or not, as a stream that never gives more than the limits allow.

Archives are read as streams: nothing is ever written to disk, so no name inside an archive can reach outside.
"""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

from landmark.errors import BadData
from landmark.expression.limits import MEGABYTE, Limits

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

ZIP_BASED = (".xlsx", ".npz")
"""File kinds that are zip archives themselves; their own readers open them."""


@dataclass(frozen=True)
class Source:
    """A file to read.

    Attributes
    ----------
    path
        Where it is.
    name
        Its name without the suffix of the packing: ``matrix.csv`` for ``matrix.csv.gz``.
    packing
        How it is packed; empty where it is not.
    limits
        What may come out of it.
    """

    path: Path
    name: str
    packing: Packing
    limits: Limits

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
                    return _only_member(self.path, self.limits)[0]
            return self.path.open("rb")
        except DAMAGED as error:
            raise _damaged(self.path) from error


def source(path: Path, limits: Limits) -> Source:
    """Look at a file's name and first bytes and say how it is packed.

    Raises
    ------
    BadData
        The file is missing, is a folder, is empty, or its name promises a packing that it does not have.
    """
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
        raise BadData(
            f"{path.name} is not what its name says: it is packed with {found}. Add the suffix of the "
            "packing to its name, or unpack it."
        )
    name = path.stem if named else path.name
    if found == "zip":
        archive_stream, name = _only_member(path, limits)
        archive_stream.close()
    return Source(path, name, found, limits)


def _only_member(path: Path, limits: Limits) -> tuple[BinaryIO, str]:
    """Open the one file of a zip archive and give its bare name."""
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGED as error:
        raise _damaged(path) from error
    members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")]
    if len(members) != 1:
        raise BadData(f"{path.name} holds {len(members)} files; pack the expression matrix alone.")
    (member,) = members
    if member.flag_bits & 1:
        raise BadData(f"{path.name} is protected by a password. Unpack it and give the file inside.")
    limits.check_bytes(member.file_size, path.stat().st_size, path.name)
    try:
        return cast(BinaryIO, archive.open(member)), Path(member.filename.replace("\\", "/")).name
    except DAMAGED as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> BadData:
    return BadData(f"{path.name} is damaged or cut short and cannot be unpacked. Download or pack it again.")


class _Capped(io.RawIOBase):
    """A stream that counts what it gives and stops at the limits: in all, and in one line."""

    def __init__(self, stream: BinaryIO, of: Source) -> None:
        super().__init__()
        self._stream, self._of, self._given = stream, of, 0
        on_disk = of.path.stat().st_size
        self._most = max(of.limits.unpacked_bytes, of.limits.growth * on_disk) if of.packing else None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except DAMAGED as error:
            raise _damaged(self._of.path) from error
        self._given += len(data)
        if self._most is not None and self._given > self._most:
            raise BadData(
                f"{self._of.path.name} unpacks to more than {self._most / MEGABYTE:,.0f} MB. If the file "
                "is sound, raise LANDMARK_MAX_UPLOAD_MB."
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()
