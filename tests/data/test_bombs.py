"""Small files that claim to hold, or unpack to, far more than they are: refused in a sentence, early, in little memory.

They are read in a process of its own, one after the other, so that the most memory it ever held can be measured.
"""

import gzip
import json
import lzma
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from landmark.data import read
from landmark.data.io.files import limits
from landmark.errors import BadData
from tests.data.make import frame
from tests.data.test_other_formats import series_matrix, soft

MOST_MEGABYTES = 400
"""Memory that the worst of these files may take beyond that of the program; accepted they would take gigabytes."""

READER = """
import json, resource, sys
from pathlib import Path
from landmark.errors import BadData
from landmark.data.reading import read_file
import anndata, openpyxl, pyarrow.parquet
held = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
before = held()
for name in sys.argv[1:]:
    try:
        read_file(Path(name))
        said = "accepted"
    except BadData as error:
        said = str(error)
    print(json.dumps([Path(name).name, said, held() - before]))
"""
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006"
SHARED = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
WIDE = (b"TP53" + b"\t0" * 2_000 + b"\n") * 5_000
NAMES = b"gene" + b"".join(b"\tS%d" % i for i in range(2_000)) + b"\n"
ZEROS = b"TP53" + b"\t0" * 10_000_000 + b"\n"


def _dictionary(path: Path) -> None:
    """4.9 million rows of one text of 9,999 letters: 30 kB."""
    codes = pa.array(np.zeros(4_900_000, np.int32))
    names = pa.DictionaryArray.from_arrays(codes, pa.array(["x" * 9_999]))
    values = pa.array(np.zeros(4_900_000, np.float32))
    pq.write_table(pa.table({"name": names, "v": values}), path, compression="zstd")


def _pages(path: Path) -> None:
    """Pages of text without a dictionary, 200 MB in 20 kB."""
    names = pa.array(["x" * 9_999] * 20_000)
    table = pa.table({"name": names, "v": pa.array(np.zeros(20_000, np.float32))})
    pq.write_table(table, path, compression="zstd", use_dictionary=False)


def _zeros(path: Path) -> None:
    """Pages of zeros without a run length encoding: 80 MB in a few kB."""
    table = pa.table(
        {"name": pa.array(["a", "b"] * 1_000_000)} | {f"v{i}": np.zeros(2_000_000) for i in range(5)}
    )
    pq.write_table(table, path, compression="zstd", use_dictionary=False)


def _archive(path: Path) -> None:
    np.savez_compressed(path, X=np.zeros((100, 1_000_000), np.float32), samples=["a"] * 100)


def _sheet(path: Path, change: Callable[[str], str], more: str = "") -> None:
    """Change the text of the only sheet of a small workbook."""
    book = openpyxl.Workbook()
    for row in (["gene", "S1", "S2"], ["TP53", 1, 2], ["EGFR", 3, 4]):
        book.active.append(row)
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = change(parts["xl/worksheets/sheet1.xml"])
    if more:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{SHEETS}/main"><si><t>{more}</t></si></sst>'
        kinds = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHARED}"/></Types>'
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", kinds)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def _row_gap(path: Path) -> None:
    """A row that calls itself number two thousand million: openpyxl makes as many empty ones."""
    _sheet(
        path, lambda xml: xml.replace('<row r="3"', '<row r="2000000000"').replace('"A3"', '"A2000000000"')
    )


def _shared_text(path: Path) -> None:
    """One text of 30,000 letters in 20,000 cells."""
    row = '<row r="{0}"><c r="A{0}" t="s"><v>0</v></c><c r="B{0}"><v>1</v></c></row>'
    cells = "".join(row.format(i) for i in range(4, 20_000))
    _sheet(path, lambda xml: xml.replace("</sheetData>", cells + "</sheetData>"), "x" * 30_000)


BOMBS: dict[str, Callable[[Path], object]] = {
    "dictionary.parquet": _dictionary,
    "pages.parquet": _pages,
    "zeros.parquet": _zeros,
    "zeros.npz": _archive,
    "gap.xlsx": _row_gap,
    "text.xlsx": _shared_text,
    "line.tsv.gz": lambda path: path.write_bytes(gzip.compress(b"gene" + ZEROS[4:] + ZEROS)),
    "line.csv.xz": lambda path: path.write_bytes(lzma.compress(ZEROS.replace(b"\t", b","))),
    "rows.tsv.xz": lambda path: path.write_bytes(lzma.compress(NAMES + WIDE)),
    "family.soft.gz": lambda path: path.write_bytes(
        gzip.compress(soft(frame(1)).replace("!sample_table_end\n", "").encode() + b"TP53\tP\t0\n" * 2_500_000)
    ),
    "series_matrix.txt.gz": lambda path: path.write_bytes(
        gzip.compress(b"!Series_title\t" + (b'"' + b"x" * 1000 + b"\n") * 20_000 + series_matrix(frame()).encode())
    ),
    "cells.gct.gz": lambda path: path.write_bytes(
        gzip.compress(b"#1.2\n5000\t1999\nNAME\tDescription" + b"\tx" * 1999 + b"\n" + WIDE)
    ),
}  # fmt: skip


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("m.tsv", ZEROS + ZEROS)


def test_bombs_are_refused_in_little_memory(tmp_path: Path) -> None:
    paths = []
    for name, make in (BOMBS | {"zip.zip": _zip}).items():
        make(tmp_path / name)
        paths.append(tmp_path / name)
        assert paths[-1].stat().st_size < 1_000_000, name  # all of them small
    done = subprocess.run(
        [sys.executable, "-c", READER, *map(str, paths)],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    seen = [json.loads(line) for line in done.stdout.splitlines()]
    assert [name for name, _, _ in seen] == [path.name for path in paths]
    for name, said, megabytes in seen:
        assert "unpacks to more than" in said or "claims" in said or "row" in said, (name, said)
        assert said.startswith(name), said
        assert megabytes < MOST_MEGABYTES, (name, said, megabytes)


def test_what_is_allowed_is_a_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m.csv.gz"
    table = frame(20).mul(0)
    path.write_bytes(gzip.compress(table.to_csv().encode() + b"#" * 20_000_000))
    with pytest.raises(BadData, match="raise LANDMARK_MAX_GROWTH"):
        read(path)
    monkeypatch.setenv("LANDMARK_MAX_GROWTH", "2000")
    with pytest.raises(BadData, match=r"^(?!.*MAX_GROWTH)"):
        read(path)
    assert (limits().ratio, limits().names, limits().sheet_cells) == (2000, 5_000_000, 20_000_000)


def test_a_line_of_too_many_fields(tmp_path: Path) -> None:
    path = tmp_path / "m.tsv"
    path.write_bytes(b"gene" + b"\t0" * 2_000 + b"\nTP53" + b"\t0" * 2_000 + b"\n")
    with pytest.raises(BadData, match=r"Line 1 of m\.tsv has more than 1,000 fields"):
        read(path, replace(limits(), names=1_000))


def test_a_well_packed_table_is_read(tmp_path: Path) -> None:
    """A table of counts, mostly zeros, packs twenty times: far from what is refused."""
    table = frame(400, [f"G{i}" for i in range(500)]).round(0)
    table = table.where(np.random.default_rng(1).random(table.shape) < 0.03, 0)
    (tmp_path / "m.csv.gz").write_bytes(gzip.compress(table.to_csv().encode()))
    within = replace(limits(), free_bytes=1)
    assert np.array_equal(read(tmp_path / "m.csv.gz", within, genes_in="columns").X, table.to_numpy())
