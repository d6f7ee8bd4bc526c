"""Files of kinds that are not read: each is called by its name, by what is in it as well as by how it is called."""

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from landmark.data import read
from landmark.data.io import unread
from landmark.errors import BadData
from tests.data.make import frame

R_DATA = b"X\n\0\0\0\3\0\4\3\1\0\3\5\0"


def _zip(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return stream.getvalue()


def _tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        info = tarfile.TarInfo("GSM1.txt")
        info.size = 3
        archive.addfile(info, io.BytesIO(b"abc"))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.rds", gzip.compress(R_DATA), "R data"),
        ("a.RData", gzip.compress(b"RDX3\n" + R_DATA), "R data"),
        ("a.Robj", gzip.compress(b"RDX2\n" + R_DATA), "R data"),
        ("a.rds.gz", gzip.compress(R_DATA), "R data"),
        ("a.csv", R_DATA, "R data"),
        ("a.ods", _zip("mimetype", "content.xml", "styles.xml"), "OpenDocument"),
        ("a.zip", _zip("mimetype", "content.xml", "styles.xml"), "OpenDocument"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old kind"),
        ("a.xlsb", _zip("xl/workbook.bin", "[Content_Types].xml"), "xlsb"),
        ("a.docx", _zip("word/document.xml", "[Content_Types].xml"), "text document"),
        ("a.pdf", b"%PDF-1.7\n", "PDF"),
        ("a.csv", b"%PDF-1.7\n", "PDF"),
        ("a.CEL", b"@\0\0\0\4\0\0\0", "CEL"),
        ("a.CEL.gz", gzip.compress(b"[CEL]\nVersion=3\n"), "CEL"),
        ("a.idat", b"IDAT\3\0\0\0", "IDAT"),
        ("a.bam", gzip.compress(b"BAM\1\0\0"), "BAM"),
        ("a.fastq.gz", gzip.compress(b"@read1\nACGTACGTACGTACGT\n+\nIIIIIIIIIIIIIIII\n"), "FASTQ"),
        ("a.txt", b"@read1\nACGTACGTACGTACGT\n+\nIIIIIIIIIIIIIIII\n", "FASTQ"),
        ("a.vcf", b"##fileformat=VCFv4.2\n#CHROM\tPOS\n", "VCF"),
        ("a.tar.gz", gzip.compress(_tar()), "tar archive"),
        ("a.tgz", gzip.compress(_tar()), "tar archive"),
        ("a.html", b"<!DOCTYPE html><html></html>", "web page"),
        ("a.csv", b"\n <html><body>404</body></html>", "web page"),
        ("a.json", b'{"a": [1, 2]}', "JSON"),
        ("a.xml", b'<?xml version="1.0"?><MINiML/>', "XML"),
        ("a.feather", b"ARROW1\0\0", "Feather"),
        ("a.npy", b"\x93NUMPY\1\0", "without names"),
        ("a.pkl", b"\x80\4\x95", "pickle"),
        ("a.loom", b"\x89HDF\r\n\x1a\n", "loom"),
        ("a.h5seurat", b"\x89HDF\r\n\x1a\n", "h5Seurat"),
        ("a.h5mu", b"\x89HDF\r\n\x1a\n", "MuData"),
        ("a.mat", b"MATLAB 5.0 MAT-file, Platform: GLNXA64", "MATLAB"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "7z"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",  # packed content holds the time
)
def test_each_is_called_by_its_name(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadData, match=words) as refused:
        read(path)
    assert str(refused.value).count(". ") >= 1  # says what to do as well


def test_every_kind_says_what_to_do() -> None:
    for kind in (*unread.KINDS, unread.TAR):
        assert kind.suffixes or kind.starts or kind.parts
        assert kind.advice.endswith(".")
        assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in kind.suffixes.split())


@pytest.mark.parametrize("name", ["counts.rds", "table.pdf", "m.dat"])
def test_a_table_is_read_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(frame().to_csv())
    assert read(tmp_path / name).shape == (5, 8)


def test_a_workbook_with_macros(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    table = frame()
    for row in [
        ["", *table.columns],
        *([n, *map(float, v)] for n, v in zip(table.index, table.to_numpy(), strict=True)),
    ]:
        book.active.append(row)
    book.save(tmp_path / "m.xlsm")
    assert np.array_equal(read(tmp_path / "m.xlsm").X, table.to_numpy())
