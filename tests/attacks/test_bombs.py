"""Small uploaded files that unpack to far more than they are: refused in a sentence, soon and in little memory."""

import gzip
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from landmark.jobs.preview import forget, look, standing
from landmark.jobs.preview_worker import Question
from landmark.store.workspace import Workspace

ROOT = Path(__file__).parents[2]
MOST_BYTES = 1_500_000_000
MOST_SECONDS = 60.0
"""Of the processor, with all that is imported."""

READER = """
import json, os, resource, sys, time
from pathlib import Path
from landmark.errors import BadData
from landmark.data import read
from landmark.genesets.gmt import read_gmt
import anndata, openpyxl, pyarrow.parquet
imported = time.process_time()


def answer(path, kind):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        {"gmt": read_gmt, "matrix": read}[kind](Path(path))
        said = "read"
    except BadData as error:
        said = f"refused: {error}"
    memory = 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    print(json.dumps([said, memory, imported + time.process_time()]), flush=True)


for line in sys.stdin:
    child = os.fork()
    if child == 0:
        answer(*json.loads(line))
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit("A reader died.")
"""
"""Reads each file in a process of its own: a fork of one that has imported everything and read nothing."""


@pytest.fixture(scope="module")
def reader() -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-c", READER]
    with subprocess.Popen(
        words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def _gmt_of_one_line(path: Path) -> None:
    path.write_bytes(gzip.compress(b"SET\tabout") + 60 * gzip.compress(b"\tTP53" * 1_000_000))


def _gmt_of_zeros(path: Path) -> None:
    path.write_bytes(40 * gzip.compress(bytes(10_000_000)))


def _gmt_of_many_lines(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=9) as file:
        for part in range(0, 2_000_000, 100_000):
            file.write(b"".join(b"S%d\tx\tTP53\n" % number for number in range(part, part + 100_000)))


def _dictionary_of_long_texts(path: Path) -> None:
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 2_000_000, pa.int32()), pa.array(["x" * 9999]))
    pq.write_table(pa.table({"gene": long, "s1": pa.array([1.0] * 2_000_000)}), path, compression="zstd")


def _dictionary_of_annotations(path: Path) -> None:
    count = 500_000
    long = pa.DictionaryArray.from_arrays(pa.array([0] * count, pa.int32()), pa.array(["y" * 90_000]))
    columns = {"gene": pa.array([f"G{n}" for n in range(count)]), "note": long, "s1": pa.array([1.0] * count)}
    pq.write_table(pa.table(columns), path, compression="zstd")


def _workbook(path: Path, rows: str) -> None:
    whole = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["gene", "s1", "s2"])
    book.active.append(["TP53", 1.0, 2.0])
    book.save(whole)
    with zipfile.ZipFile(whole) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b"</sheetData>", rows.encode() + b"</sheetData>")
            after.writestr(name, content)


def _workbook_of_rows(path: Path) -> None:
    _workbook(path, '<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>')


def _workbook_of_empty_rows(path: Path) -> None:
    _workbook(path, "".join(f'<row r="{number}"/>' for number in range(3, 1_500_000)))


BOMBS: list[tuple[str, str, Callable[[Path], None]]] = [
    ("line.gmt.gz", "gmt", _gmt_of_one_line),
    ("zeros.gmt.gz", "gmt", _gmt_of_zeros),
    ("lines.gmt.gz", "gmt", _gmt_of_many_lines),
    ("names.parquet", "matrix", _dictionary_of_long_texts),
    ("notes.parquet", "matrix", _dictionary_of_annotations),
    ("rows.xlsx", "matrix", _workbook_of_rows),
    ("empty.xlsx", "matrix", _workbook_of_empty_rows),
]


@pytest.mark.parametrize(("name", "kind", "make"), BOMBS, ids=[name for name, *_ in BOMBS])
def test_a_bomb_does_not_go_off(
    tmp_path: Path, reader: subprocess.Popen[str], name: str, kind: str, make: Callable[[Path], None]
) -> None:
    make(tmp_path / name)
    assert (tmp_path / name).stat().st_size < 20_000_000
    assert reader.stdin is not None
    assert reader.stdout is not None
    print(json.dumps([str(tmp_path / name), kind]), file=reader.stdin, flush=True)
    answered = reader.stdout.readline()
    assert answered, "The reader died."
    said, memory, seconds = json.loads(answered)
    assert said.startswith("refused:") or kind == "matrix", said
    assert memory < MOST_BYTES
    assert seconds < MOST_SECONDS


def test_two_workbooks_of_rows_hold_nobody_up(home: Workspace, tmp_path: Path) -> None:
    begun = []
    for number in range(2):
        _workbook_of_rows(tmp_path / f"{number}.xlsx")
        begun.append(look(home, Question(path=str(tmp_path / f"{number}.xlsx"))))
    (tmp_path / "third.csv").write_text("gene,s1,s2,s3\nTP53,1,2,3\nMYC,2,3,4\nEGFR,3,4,6\n")
    third = look(home, Question(path=str(tmp_path / "third.csv")))
    until = time.monotonic() + 2 * MOST_SECONDS
    while standing(third.folder).state == "looking":
        assert time.monotonic() < until
        time.sleep(0.1)
    assert standing(third.folder).state == "seen", standing(third.folder).message
    for item in begun:
        forget(item.folder)
