"""Files as they come: packed or plain, and those of kinds that are known but not read."""

import bz2
import gzip
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

from landmark.data.io.limits import Limits
from landmark.errors import BadData

TAR_MARK = slice(257, 262)
"""Where a tar archive says that it is one."""


@dataclass(frozen=True)
class Unread:
    """A kind of file.

    Attributes
    ----------
    title
        What it is, for people: "is ...".
    advice
        What to do, a sentence.
    suffixes
        Endings in lower case, which count where the content says nothing.
    starts
        A pattern that the content begins with.
    parts
        Beginnings of names in a zip archive of this kind, all of which are there.
    """

    title: str
    advice: str
    suffixes: tuple[str, ...] = ()
    starts: re.Pattern[bytes] | None = None
    parts: tuple[str, ...] = ()


RAW = "Import the table of expression values that was made from it."
UNPACK = "Unpack it and import the matrix inside."

KINDS = (
    Unread(
        "R data",
        "In R, write the matrix with write.csv, or a Seurat or SingleCellExperiment object with "
        "zellkonverter::writeH5AD, and import that file.",
        (".rds", ".rda", ".rdata", ".robj"),
        re.compile(rb"X\n\0\0\0[\x02\x03]|A\n[23]\n|RD[AXB][23]\n"),
    ),
    Unread(
        "an OpenDocument spreadsheet (ods)",
        "Save it as .xlsx or as CSV.",
        (".ods", ".fods"),
        parts=("mimetype", "content.xml"),
    ),
    Unread(
        "an Excel workbook of a binary kind (xlsb)",
        "Save it as .xlsx or as CSV.",
        (".xlsb",),
        None,
        ("xl/workbook.bin",),
    ),
    Unread(
        "an Excel workbook of the old kind (xls)",
        "Save it as .xlsx or as CSV.",
        (".xls",),
        re.compile(rb"\xd0\xcf\x11\xe0"),
    ),
    Unread("a Numbers spreadsheet", "Export it as Excel or CSV.", (".numbers",)),
    Unread("a loom file", "In Python, save anndata.read_loom(file) as .h5ad and import that.", (".loom",)),
    Unread(
        "a Seurat object (h5Seurat)",
        "In R, SeuratDisk::Convert(file, dest = 'h5ad') makes an AnnData file of it.",
        (".h5seurat",),
    ),
    Unread(
        "a MuData file (h5mu)", "In Python, save one modality as .h5ad: mdata['rna'].write_h5ad.", (".h5mu",)
    ),
    Unread(
        "an AnnData store of the zarr kind",
        "In Python, save anndata.read_zarr(folder) as .h5ad and import that.",
        (".zarr",),
        None,
        ("obs/", "var/"),
    ),
    Unread(
        "an Affymetrix CEL or CHP file, the raw signals of one array",
        "Summarise all arrays first, for instance with RMA in R (oligo, affy), and import that table.",
        (".cel", ".chp"),
        re.compile(rb"\[CEL\]|@\0\0\0\x04\0\0\0"),
    ),
    Unread(
        "an Illumina IDAT file, the raw signals of an array",
        "Read all arrays in R (limma, illuminaio) and import that table.",
        (".idat",),
        re.compile(rb"IDAT[\x01-\x05]"),
    ),
    Unread(
        "a file of sequencing reads (BAM, SAM, CRAM)",
        "Count the reads per gene first (featureCounts, salmon) and import the counts.",
        (".bam", ".sam", ".cram"),
        re.compile(rb"BAM\x01|CRAM[\x02\x03]|@HD\t|@SQ\t"),
    ),
    Unread(
        "a file of sequencing reads (FASTQ)",
        "Count the reads per gene first (salmon, STAR) and import the counts.",
        (".fastq", ".fq"),
        re.compile(rb"@[^\n]+\n[ACGTNacgtn.]{10,}\r?\n\+"),
    ),
    Unread(
        "a file of sequences (FASTA)",
        RAW,
        (".fasta", ".fa", ".fna"),
        re.compile(rb">[^\n]+\n[ACGTNacgtn\r\n]{30}"),
    ),
    Unread("a file of genetic variants (VCF)", RAW, (".vcf",), re.compile(rb"##fileformat=VCF")),
    Unread(
        "an annotation of the probes of an array",
        "It holds no values of samples; import a series matrix.",
        (".annot",),
        re.compile(rb"\^Annotation"),
    ),
    Unread("a PDF document", RAW, (".pdf",), re.compile(rb"%PDF")),
    Unread(
        "a text document",
        "Copy its table into a spreadsheet and save that as .xlsx or CSV.",
        (".doc", ".docx", ".odt", ".rtf"),
        re.compile(rb"\{\\rtf"),
        ("word/",),
    ),
    Unread("a presentation", RAW, (".ppt", ".pptx", ".odp"), None, ("ppt/",)),
    Unread(
        "a web page, not data: the download has perhaps failed",
        "Download it again.",
        (".html", ".htm"),
        re.compile(rb"\s*<(!doctype html|html)", re.I),
    ),
    Unread(
        "XML",
        "Export the matrix as CSV or TSV; from GEO, take the series matrix.",
        (".xml",),
        re.compile(rb"\s*<\?xml"),
    ),
    Unread("JSON", "Export the matrix as CSV or TSV.", (".json",), re.compile(rb'\s*(\{\s*"|\[\s*[\[{])')),
    Unread(
        "a table of the Arrow or Feather kind",
        "Save it as Parquet.",
        (".feather", ".arrow"),
        re.compile(rb"(ARROW1|FEA1)\0"),
    ),
    Unread(
        "a NumPy array without names (npy)",
        "Save the matrix with its names: numpy.savez(file, X=..., samples=..., genes=...).",
        (".npy",),
        re.compile(rb"\x93NUMPY"),
    ),
    Unread(
        "a Python pickle, which may run code and is never read",
        "Save the table as CSV, Parquet or .h5ad.",
        (".pkl", ".pickle", ".joblib"),
        re.compile(rb"\x80[\x02-\x05]"),
    ),
    Unread(
        "a MATLAB file",
        "Save the table as CSV (writetable) and import that.",
        (".mat",),
        re.compile(rb"MATLAB 5\.0 MAT-file"),
    ),
    Unread(
        "a file of a statistics program (SPSS, Stata, SAS)",
        "Save the table as CSV.",
        (".sav", ".dta", ".sas7bdat", ".por"),
        re.compile(rb"\$FL[23]|<stata_dta>"),
    ),
    Unread(
        "a database (SQLite)", "Save the table as CSV.", (".sqlite", ".db"), re.compile(rb"SQLite format 3")
    ),
    Unread(
        "an archive of a kind that is not opened here (7z, rar, zstd)",
        UNPACK,
        (".7z", ".rar", ".zst"),
        re.compile(rb"7z\xbc\xaf|Rar!|\x28\xb5\x2f\xfd"),
    ),
)
TAR = Unread(
    "a tar archive of several files",
    UNPACK + " Of the files of one sample each, make one table first.",
    (".tar", ".tgz"),
)


def by_content(head: bytes, members: Sequence[str] = ()) -> Unread | None:
    """Find the kind from the first bytes of a file, or from the names in it if it is a zip archive."""
    if head[TAR_MARK] == b"ustar":
        return TAR
    for kind in KINDS:
        if kind.starts is not None and kind.starts.match(head.removeprefix(b"\xef\xbb\xbf")):
            return kind
        if kind.parts and all(any(name.startswith(part) for name in members) for part in kind.parts):
            return kind
    return None


def by_name(name: str) -> Unread | None:
    """Find the kind that a name promises."""
    suffix = Path(name).suffix.lower()
    return next((kind for kind in (*KINDS, TAR) if suffix in kind.suffixes), None)


def complaint(name: str, kind: Unread) -> str:
    """Say what a file is and what to do."""
    return f"{name} is {kind.title}. {kind.advice}"


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
    member
        The file within a zip archive that is meant; empty for other files.
    """

    path: Path
    name: str
    packing: Packing
    limits: Limits
    member: str = ""

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

    Raises
    ------
    BadData
        The file is missing, is a folder without a matrix of MatrixMarket, is empty, is of a kind that is known and not
        read, or its name promises a packing that it does not have.
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
