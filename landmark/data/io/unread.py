"""Kinds of files that people bring and that hold no table to be read here: their names, and what to do with each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TAR_MARK = slice(257, 262)  # where a tar archive says that it is one


@dataclass(frozen=True)
class Unread:
    """A kind of file."""

    title: str  # what it is, for people: "is ..."
    advice: str  # what to do, a sentence
    suffixes: str = ""  # endings in lower case, which count where the content says nothing
    starts: bytes = b""  # a pattern that the content begins with
    parts: tuple[str, ...] = ()  # beginnings of names in a zip archive of this kind, all of which are there


RAW = "Import the table of expression values that was made from it."
UNPACK = "Unpack it and import the matrix inside."

KINDS = (
    Unread(
        "R data",
        "In R, write the matrix with write.csv, or a Seurat or SingleCellExperiment object with "
        "zellkonverter::writeH5AD, and import that file.",
        ".rds .rda .rdata .robj",
        rb"X\n\0\0\0[\x02\x03]|A\n[23]\n|RD[AXB][23]\n",
    ),
    Unread(
        "an OpenDocument spreadsheet (ods)",
        "Save it as .xlsx or as CSV.",
        ".ods .fods",
        parts=("mimetype", "content.xml"),
    ),
    Unread(
        "an Excel workbook of a binary kind (xlsb)",
        "Save it as .xlsx or as CSV.",
        ".xlsb",
        parts=("xl/workbook.bin",),
    ),
    Unread(
        "an Excel workbook of the old kind (xls)", "Save it as .xlsx or as CSV.", ".xls", rb"\xd0\xcf\x11\xe0"
    ),
    Unread("a Numbers spreadsheet", "Export it as Excel or CSV.", ".numbers"),
    Unread("a loom file", "In Python, save anndata.read_loom(file) as .h5ad and import that.", ".loom"),
    Unread(
        "a Seurat object (h5Seurat)",
        "In R, SeuratDisk::Convert(file, dest = 'h5ad') makes an AnnData file of it.",
        ".h5seurat",
    ),
    Unread(
        "a MuData file (h5mu)", "In Python, save one modality as .h5ad: mdata['rna'].write_h5ad.", ".h5mu"
    ),
    Unread(
        "an AnnData store of the zarr kind",
        "In Python, save anndata.read_zarr(folder) as .h5ad and import that.",
        ".zarr",
        parts=("obs/", "var/"),
    ),
    Unread(
        "an Affymetrix CEL or CHP file, the raw signals of one array",
        "Summarise all arrays first, for instance with RMA in R (oligo, affy), and import that table.",
        ".cel .chp",
        rb"\[CEL\]|@\0\0\0\x04\0\0\0",
    ),
    Unread(
        "an Illumina IDAT file, the raw signals of an array",
        "Read all arrays in R (limma, illuminaio) and import that table.",
        ".idat",
        rb"IDAT[\x01-\x05]",
    ),
    Unread(
        "a file of sequencing reads (BAM, SAM, CRAM)",
        "Count the reads per gene first (featureCounts, salmon) and import the counts.",
        ".bam .sam .cram",
        rb"BAM\x01|CRAM[\x02\x03]|@HD\t|@SQ\t",
    ),
    Unread(
        "a file of sequencing reads (FASTQ)",
        "Count the reads per gene first (salmon, STAR) and import the counts.",
        ".fastq .fq",
        rb"@[^\n]+\n[ACGTNacgtn.]{10,}\r?\n\+",
    ),
    Unread("a file of sequences (FASTA)", RAW, ".fasta .fa .fna", rb">[^\n]+\n[ACGTNacgtn\r\n]{30}"),
    Unread("a file of genetic variants (VCF)", RAW, ".vcf", rb"##fileformat=VCF"),
    Unread(
        "an annotation of the probes of an array",
        "It holds no values of samples; import a series matrix.",
        ".annot",
        rb"\^Annotation",
    ),
    Unread("a PDF document", RAW, ".pdf", rb"%PDF"),
    Unread(
        "a text document",
        "Copy its table into a spreadsheet and save that as .xlsx or CSV.",
        ".doc .docx .odt .rtf",
        rb"\{\\rtf",
        ("word/",),
    ),
    Unread("a presentation", RAW, ".ppt .pptx .odp", parts=("ppt/",)),
    Unread(
        "a web page, not data: the download has perhaps failed",
        "Download it again.",
        ".html .htm",
        rb"(?i)\s*<(!doctype html|html)",
    ),
    Unread(
        "XML", "Export the matrix as CSV or TSV; from GEO, take the series matrix.", ".xml", rb"\s*<\?xml"
    ),
    Unread("JSON", "Export the matrix as CSV or TSV.", ".json", rb'\s*(\{\s*"|\[\s*[\[{])'),
    Unread(
        "a table of the Arrow or Feather kind", "Save it as Parquet.", ".feather .arrow", rb"(ARROW1|FEA1)\0"
    ),
    Unread(
        "a NumPy array without names (npy)",
        "Save the matrix with its names: numpy.savez(file, X=..., samples=..., genes=...).",
        ".npy",
        rb"\x93NUMPY",
    ),
    Unread(
        "a Python pickle, which may run code and is never read",
        "Save the table as CSV, Parquet or .h5ad.",
        ".pkl .pickle .joblib",
        rb"\x80[\x02-\x05]",
    ),
    Unread(
        "a MATLAB file",
        "Save the table as CSV (writetable) and import that.",
        ".mat",
        rb"MATLAB 5\.0 MAT-file",
    ),
    Unread(
        "a file of a statistics program (SPSS, Stata, SAS)",
        "Save the table as CSV.",
        ".sav .dta .sas7bdat .por",
        rb"\$FL[23]|<stata_dta>",
    ),
    Unread("a database (SQLite)", "Save the table as CSV.", ".sqlite .db", rb"SQLite format 3"),
    Unread(
        "an archive of a kind that is not opened here (7z, rar, zstd)",
        UNPACK,
        ".7z .rar .zst",
        rb"7z\xbc\xaf|Rar!|\x28\xb5\x2f\xfd",
    ),
)
TAR = Unread(
    "a tar archive of several files",
    UNPACK + " Of the files of one sample each, make one table first.",
    ".tar .tgz",
)


def by_content(head: bytes, members: Sequence[str] = ()) -> Unread | None:
    """Find the kind from the first bytes of a file, or from the names in it if it is a zip archive."""
    if head[TAR_MARK] == b"ustar":
        return TAR
    for kind in KINDS:
        if kind.starts and re.match(kind.starts, head.removeprefix(b"\xef\xbb\xbf")):
            return kind
        if kind.parts and all(any(name.startswith(part) for name in members) for part in kind.parts):
            return kind
    return None


def by_name(name: str) -> Unread | None:
    """Find the kind that a name promises."""
    suffix = Path(name).suffix.lower()
    return next((kind for kind in (*KINDS, TAR) if suffix in kind.suffixes.split()), None)


def complaint(name: str, kind: Unread) -> str:
    """Say what a file is and what to do."""
    return f"{name} is {kind.title}. {kind.advice}"
