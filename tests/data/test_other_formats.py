"""GCTX, GEO's text formats, Excel, Parquet, NumPy archives, and ways of packing."""

import bz2
import datetime
import lzma
import zipfile
from pathlib import Path

import h5py
import numpy as np
import openpyxl
import pandas as pd
import pytest

from landmark.data import read
from landmark.data.history import fact, history
from landmark.data.io.writers import write as write_matrix
from landmark.errors import BadData
from tests.data.make import GENES, adata, frame, write


def series_matrix(table: pd.DataFrame) -> str:
    """A series matrix as GEO writes it; samples of ``table`` in rows."""
    quoted = "\t".join(f'"{name}"' for name in table.index)
    tissues = "\t".join('"tissue: lung"' if i % 2 else '"tissue: liver"' for i in range(len(table)))
    sexes = "\t".join('"Sex: F"' if i % 3 else '""' for i in range(len(table)))
    body = "\n".join("\t".join([f'"{gene}"', *map(str, table[gene])]) for gene in table)
    return (
        '!Series_title\t"Five people"\n!Series_geo_accession\t"GSE1"\n\n'
        f"!Sample_title\t{quoted}\n!Sample_characteristics_ch1\t{tissues}\n!Sample_characteristics_ch1\t{sexes}\n"
        f'!Sample_contact_name\t{quoted}\n!series_matrix_table_begin\n"ID_REF"\t{quoted}\n{body}\n'
        "!series_matrix_table_end\n"
    )


def soft(table: pd.DataFrame, others: pd.DataFrame | None = None) -> str:
    """A SOFT family; ``others`` are samples of a second platform."""
    text = (
        "^DATABASE = GeoMiame\n^SERIES = GSE1\n!Series_title = Two platforms\n!Series_geo_accession = GSE1\n"
    )
    text += "^PLATFORM = GPL1\n!platform_table_begin\nID\tGene\nTP53\tx\n!platform_table_end\n"
    for platform, samples in (("GPL1", table), ("GPL2", others)):
        for name in [] if samples is None else samples.index:
            text += f"^SAMPLE = {name}\n!Sample_title = {name}\n!Sample_platform_id = {platform}\n"
            text += (
                "!Sample_characteristics_ch1 = tissue: lung\n!sample_table_begin\nID_REF\tABS_CALL\tVALUE\n"
            )
            text += "".join(f"{gene}\tP\t{samples.loc[name, gene]}\n" for gene in samples)
            text += "!sample_table_end\n"
    return text


def test_series_matrix(tmp_path: Path) -> None:
    matrix = read(write(tmp_path / "GSE1_series_matrix.txt.gz", series_matrix(frame())))
    assert np.array_equal(matrix.X, frame().to_numpy())
    assert matrix.obs["tissue"].tolist() == ["liver", "lung", "liver", "lung", "liver"]
    assert matrix.obs["sex"].isna().tolist() == [True, False, False, True, False]
    assert "contact_name" not in matrix.obs
    assert fact(matrix, "title") == "Five people"
    assert fact(matrix, "source") == "GEO GSE1"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("!series_matrix_table_end", "", "cut short"),
        ("!series_matrix_table_begin", "", "no table of values"),
        ('"TP53"', '"EGFR"', "more than once"),
        ('"TP53"\t', '"TP53"\thigh\t', "Line 10 .* 7 fields"),
    ],
)
def test_bad_series_matrix(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(BadData, match=words):
        read(write(tmp_path / "m.txt", series_matrix(frame()).replace(old, new, 1)))


def test_series_of_sequencing_data(tmp_path: Path) -> None:
    lines = series_matrix(frame()).splitlines()
    with pytest.raises(BadData, match="supplementary files"):
        read(write(tmp_path / "m.txt", "\n".join([*lines[:9], lines[-1]])))


def test_soft_takes_the_platform_with_most_samples(tmp_path: Path) -> None:
    others = frame(3, ["A", "B"])
    others.index = ["T1", "T2", "T3"]
    matrix = read(write(tmp_path / "m.soft", soft(frame(), others)))
    assert np.array_equal(matrix.X, frame().to_numpy())
    assert matrix.obs["tissue"].tolist() == ["lung"] * 5
    assert "GPL1 is taken (5 samples), left out: GPL2 (3 samples)" in history(matrix)[0]["notes"][0]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("\tVALUE", "\tSIGNAL", "lacks the column"),
        ("TP53\tP\t", "TP53\tP\thigh", "text where a number is expected: 'high"),
        ("!sample_table_end", "", "cut short|text where|line that"),
        ("!sample_table_begin", "", "missing|single"),
        ("TP53\tP\t", "TP53\t\n", "cut short"),
    ],
)
def test_bad_soft(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = soft(frame(2))
    with pytest.raises(BadData, match=words):
        read(write(tmp_path / "m.soft", text.replace(old, new, 1)))


def test_real_soft_family(shared: Path) -> None:
    matrix = read(shared / "data" / "GSE781_family.soft.gz")
    assert matrix.shape == (17, 22_283)
    assert fact(matrix, "identifier") == "hgu133a_probe"
    assert set(matrix.obs["platform_id"]) == {"GPL96"}
    assert "GPL97 (17 samples)" in history(matrix)[0]["notes"][0]
    assert matrix.obs["source_name_ch1"].notna().all()
    assert matrix["GSM11805", "1007_s_at"].X.item() == np.float32(1946.9)


def test_gctx(tmp_path: Path) -> None:
    matrix = adata()
    matrix.obs["cell"] = ["A375", "MCF7", "A375", "PC3", "MCF7"]
    write_matrix(matrix, tmp_path / "m.gctx")
    again = read(tmp_path / "m.gctx")
    assert np.array_equal(again.X, matrix.X)
    assert again.obs["cell"].tolist() == matrix.obs["cell"].tolist()


def test_bad_gctx(tmp_path: Path) -> None:
    path = tmp_path / "m.gctx"
    write_matrix(adata(), path)
    with h5py.File(path, "r+") as file:
        file["0/META/COL/link"] = h5py.ExternalLink("/etc/passwd", "/")
    with pytest.raises(BadData, match="refused"):
        read(path)
    adata().write_h5ad(path)
    with pytest.raises(BadData, match="no dataset '0/DATA/0/matrix'"):
        read(path)
    write_matrix(adata(), tmp_path / "m.gctx")
    (tmp_path / "m.gctx").rename(tmp_path / "other.h5ad")
    with pytest.raises(BadData, match="GCTX file"):
        read(tmp_path / "other.h5ad")


def _workbook(path: Path, rows: list[list[object]], empty_first: bool = False) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    if empty_first:
        sheet = book.create_sheet("data")
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("empty_first", [False, True])
def test_excel(tmp_path: Path, empty_first: bool) -> None:
    table = frame()
    rows = [
        ["", *table.columns, "tissue"],
        *([n, *map(float, v), "lung"] for n, v in zip(table.index, table.to_numpy(), strict=True)),
    ]
    matrix = read(_workbook(tmp_path / "m.xlsx", rows, empty_first))
    assert np.array_equal(matrix.X, table.to_numpy())
    assert matrix.obs["tissue"].tolist() == ["lung"] * 5


def test_bad_excel(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="turn gene symbols"):
        read(
            _workbook(
                tmp_path / "d.xlsx", [["", "S1", "S2"], [datetime.date(2020, 3, 1), 1, 2], ["TP53", 3, 4]]
            )
        )
    with pytest.raises(BadData, match="'high' in row 'TP53'"):
        read(_workbook(tmp_path / "t.xlsx", [["", "S1", "S2"], ["TP53", "high", 2], ["EGFR", 3, 4]]))
    with pytest.raises(BadData, match="no sheet"):
        read(_workbook(tmp_path / "e.xlsx", []))
    write(tmp_path / "x.xlsx", b"PK\x03\x04" + b"\0" * 100)
    with pytest.raises(BadData, match="damaged"):
        read(tmp_path / "x.xlsx")


def test_workbook_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDMARK_MAX_UPLOAD_MB", "1")
    path = _workbook(tmp_path / "m.xlsx", [["", "S1", "S2"], ["TP53", 1, 2], ["EGFR", 3, 4]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros", b"\0" * 5_000_000)
    with pytest.raises(BadData, match="claims 5 MB"):
        read(path)


@pytest.mark.parametrize("index", [True, False])
def test_parquet(tmp_path: Path, index: bool) -> None:
    table = frame()
    table.insert(0, "tissue", ["lung", None, "liver", "lung", "skin"])
    if not index:
        table.insert(0, "sample", table.index)
    table.to_parquet(tmp_path / "m.parquet", index=index)
    matrix = read(tmp_path / "m.parquet")
    assert np.array_equal(matrix.X, frame().to_numpy())
    assert matrix.obs_names.tolist() == ["S1", "S2", "S3", "S4", "S5"]
    assert matrix.obs["tissue"].tolist() == ["lung", "", "liver", "lung", "skin"]


def test_bad_parquet(tmp_path: Path) -> None:
    frame().reset_index(drop=True).to_parquet(tmp_path / "n.parquet")
    with pytest.raises(BadData, match="names the rows"):
        read(tmp_path / "n.parquet")
    frame().assign(when=pd.Timestamp("2020-01-01")).to_parquet(tmp_path / "t.parquet")
    with pytest.raises(BadData, match=r"'when' .* neither numbers nor text"):
        read(tmp_path / "t.parquet")
    long = frame()
    long.insert(0, "note", ["x" * 20_000] * 5)
    long.to_parquet(tmp_path / "l.parquet")
    with pytest.raises(BadData, match="texts longer than"):
        read(tmp_path / "l.parquet")
    pd.DataFrame({"a": np.zeros(6_000_000), "n": "x"}).to_parquet(tmp_path / "h.parquet")
    with pytest.raises(BadData, match="at most 5,000,000 per axis"):
        read(tmp_path / "h.parquet")


def test_npz(tmp_path: Path) -> None:
    table = frame()
    np.savez(tmp_path / "m.npz", X=table.to_numpy(), samples=list(table.index), genes=list(table.columns))
    assert np.array_equal(read(tmp_path / "m.npz").X, table.to_numpy())
    square = frame(8)
    np.savez_compressed(tmp_path / "s.npz", X=square, samples=list(square.index), genes=list(square.columns))
    assert read(tmp_path / "s.npz").var_names.tolist() == GENES


def test_bad_npz(tmp_path: Path) -> None:
    np.savez(tmp_path / "o.npz", X=frame().to_numpy(), genes=np.array(GENES, dtype=object))
    with pytest.raises(BadData, match="pickled"):
        read(tmp_path / "o.npz")
    np.savez(tmp_path / "n.npz", X=frame().to_numpy())
    with pytest.raises(BadData, match="two lists of names"):
        read(tmp_path / "n.npz")
    np.savez(tmp_path / "t.npz", X=frame().to_numpy(), Y=frame().to_numpy())
    with pytest.raises(BadData, match="holds 2 matrices"):
        read(tmp_path / "t.npz")


def test_packed(tmp_path: Path) -> None:
    text = frame().to_csv().encode()
    (tmp_path / "m.csv.xz").write_bytes(lzma.compress(text))
    (tmp_path / "m.csv.bz2").write_bytes(bz2.compress(text))
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as archive:
        archive.writestr("../../elsewhere/m.csv", text)
    for name in ("m.csv.xz", "m.csv.bz2", "m.zip"):
        assert read(tmp_path / name).shape == (5, 8)
    assert not list(tmp_path.parent.parent.rglob("elsewhere"))


def test_bad_archives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", frame().to_csv())
        archive.writestr("b.csv", frame().to_csv())
    with pytest.raises(BadData, match="holds 2 files"):
        read(tmp_path / "two.zip")
    monkeypatch.setenv("LANDMARK_MAX_UPLOAD_MB", "1")
    zeros = b"g,S1,S2\n" + b"TP53,0,0\n" * 500_000
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", zeros)
    with pytest.raises(BadData, match=r"claims 4 MB|claims 5 MB"):
        read(tmp_path / "bomb.zip")
    (tmp_path / "bomb.csv.xz").write_bytes(lzma.compress(zeros))
    with pytest.raises(BadData, match="unpacks to more than 1 MB"):
        read(tmp_path / "bomb.csv.xz")
    with zipfile.ZipFile(tmp_path / "h.zip", "w") as archive:
        adata().write_h5ad(tmp_path / "m.h5ad")
        archive.write(tmp_path / "m.h5ad", "m.h5ad")
    with pytest.raises(BadData, match="unpack this file first"):
        read(tmp_path / "h.zip")
