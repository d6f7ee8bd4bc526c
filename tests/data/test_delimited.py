"""Tables with separators: what they may look like, and what is said where they cannot be used."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from landmark.data import read
from landmark.data.history import history
from landmark.errors import BadData
from tests.data.make import GENES, adata, frame, write


@pytest.mark.parametrize("separator", ["\t", ",", ";", "|", " "])
@pytest.mark.parametrize("turned", [False, True])
def test_separator_and_orientation_are_found(tmp_path: Path, separator: str, turned: bool) -> None:
    table = frame()
    text = (table.T if turned else table).to_csv(sep=separator)
    adata = read(write(tmp_path / "m.txt", text))
    assert adata.var_names.tolist() == GENES
    assert np.array_equal(adata.X, table.to_numpy())
    assert history(adata)[0]["genes_in"] == ("rows" if turned else "columns")


def test_header_without_corner(tmp_path: Path) -> None:
    table = frame()
    text = table.T.to_csv(sep="\t").lstrip("\t")
    assert np.array_equal(read(write(tmp_path / "m.tsv", text)).X, table.to_numpy())


def test_decimal_comma(tmp_path: Path) -> None:
    table = frame()
    adata = read(write(tmp_path / "m.csv", table.to_csv(sep=";", decimal=",")))
    assert np.array_equal(adata.X, table.to_numpy())


def test_quotes_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    table = frame()
    text = "﻿" + table.to_csv(quoting=2, lineterminator="\r\n")
    assert read(write(tmp_path / "m.csv", text)).obs_names.tolist() == table.index.tolist()
    assert read(write(tmp_path / "w.csv", table.to_csv().encode("utf-16"))).n_vars == len(GENES)


def test_gzip(tmp_path: Path) -> None:
    assert read(write(tmp_path / "m.csv.gz", frame().to_csv())).shape == (5, 8)


def test_text_columns_become_annotations(tmp_path: Path) -> None:
    table = frame()
    table.insert(0, "tissue", ["lung", "liver", "lung", "skin", "lung"])
    adata = read(write(tmp_path / "m.csv", table.to_csv()))
    assert adata.obs["tissue"].tolist() == ["lung", "liver", "lung", "skin", "lung"]
    assert "tissue" in history(adata)[0]["notes"][0]


def test_columns_that_describe_genes_are_no_samples(tmp_path: Path) -> None:
    """As in the 1000 Genomes table of D-GEX: TargetID, Gene_Symbol, Chr, Coord, then samples."""
    table = frame().T
    table.insert(0, "Coord", range(8))
    table.insert(0, "Chr", [17, 7, 8, 12, "X", 17, 12, 10])
    adata = read(write(tmp_path / "m.txt", table.to_csv(sep="\t", index_label="TargetID")))
    assert adata.obs_names.tolist() == ["S1", "S2", "S3", "S4", "S5"]
    assert adata.var["Chr"].tolist()[4] == "X"
    assert np.array_equal(adata.X, frame().to_numpy())


def test_samples_named_by_their_tissue(tmp_path: Path) -> None:
    table = frame(6)
    table.index = ["lung", "skin"] * 3
    adata = read(write(tmp_path / "m.tsv", table.T.to_csv(sep="\t")))
    assert adata.obs_names.tolist() == ["lung 1", "skin 1", "lung 2", "skin 2", "lung 3", "skin 3"]
    assert adata.obs["tissue"].tolist() == ["lung", "skin"] * 3


def test_a_column_pasted_twice_is_no_tissue(tmp_path: Path) -> None:
    table = pd.concat([frame(3), frame(3)])
    with pytest.raises(BadData, match="3 sample names occur more than once"):
        read(write(tmp_path / "m.tsv", table.T.to_csv(sep="\t")))


@pytest.mark.parametrize(
    "number", ["14.1E8699951171875", "00000000000000000000.3", "1e-99999999999", "0" * 900 + "5"]
)
def test_odd_numbers(tmp_path: Path, number: str) -> None:
    """The first one crashes pandas where its faster way of reading numbers is chosen."""
    path = write(tmp_path / "m.csv", f"g,S1,S2\nTP53,{number},1\nEGFR,1,2\n")
    if np.isinf(float(number)):
        with pytest.raises(BadData, match=r"infinite|cannot be read"):
            read(path)
    else:
        assert read(path).X[0, 0] == np.float32(number)


def test_names_after_a_counter(tmp_path: Path) -> None:
    table = frame().T.reset_index(names="gene")
    assert read(write(tmp_path / "m.csv", table.to_csv())).var_names.tolist() == GENES


def test_sizes_decide_where_no_name_is_known(tmp_path: Path) -> None:
    table = frame(30, [f"g{i}" for i in range(40)])
    adata = read(write(tmp_path / "m.csv", table.to_csv()))
    assert adata.shape == (30, 40)
    assert history(adata)[0]["orientation_decided_by"] == "sizes"
    assert read(write(tmp_path / "t.csv", table.T.to_csv())).shape == (30, 40)


def _changed(row: int, column: int, value: str) -> str:
    table = frame().astype(object)
    table.iloc[row, column] = value
    return table.to_csv()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("\n \n", "empty"),
        ("a,TP53\n", "single line"),
        (_changed(2, 1, "high"), "'high' in row 'S3' .line 4., column 'EGFR'"),
        (_changed(2, 1, "True"), "'True' in row 'S3'"),
        (_changed(2, 1, "1_0"), "'1_0' in row 'S3'"),
        (_changed(2, 1, ""), "1 of 40 values are missing.*'S3', gene 'EGFR'"),
        (_changed(2, 1, "NA"), "missing"),
        (_changed(2, 1, "inf"), "infinite"),
        (_changed(2, 1, "1e60"), "infinite"),
        (frame(1).to_csv(), "single sample"),
        (frame(4, ["TP53"]).to_csv(), "single gene"),
        (frame(4, [*GENES, "TP53"]).to_csv(), "1 gene name occurs more than once .TP53."),
        (pd.concat([frame(3), frame(1)]).to_csv(), "1 sample name occurs more than once .S1."),
        (frame(4, [*GENES, "1-Mar", "1-Mar"]).to_csv(), "turned into dates"),
        (frame(4, [*GENES, " "]).to_csv(), "1 of 9 gene names are empty"),
        (frame().to_csv(header=False), "instead of names"),
        (frame().T.to_csv(index=False), "expected"),
        (frame().to_csv() + "S9,1,2,3\n", "Line 7 of m.csv has 4 fields where 9 are expected"),
        (frame().to_csv() + "S9,1,2,3,4,5,6,7,8,9\n", "has 10 fields"),
        (frame(5, [str(i) for i in range(8)]).to_csv(), "no names, only numbers"),
        ("just some text\nof a letter\n", "text|table"),
        ("<!DOCTYPE html><html></html>", "web page"),
        ("s,TP53,EGFR\nS1,1,2\nS2,3,4\n\x00\x01", "no a table|binary|what its name says"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadData, match=words):
        read(write(tmp_path / "m.csv", text))


def test_name_and_content_must_agree(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="packed with gzip"):
        read(write(tmp_path / "m.csv", gzip.compress(frame().to_csv().encode())))
    plain = tmp_path / "m.csv.gz"
    plain.write_text(frame().to_csv())
    with pytest.raises(BadData, match="no gzip file"):
        read(plain)
    adata().write_h5ad(tmp_path / "a.h5ad")
    (tmp_path / "a.h5ad").rename(tmp_path / "a.csv")
    with pytest.raises(BadData, match="not what its name says"):
        read(tmp_path / "a.csv")
    with pytest.raises(BadData, match="not what its name says"):
        read(write(tmp_path / "b.h5ad", frame().to_csv()))
    with pytest.raises(BadData, match="not a file"):
        read(tmp_path / "missing.csv")


def test_unpacking_is_capped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDMARK_MAX_UPLOAD_MB", "1")
    path = write(tmp_path / "m.csv.gz", "g,S1,S2\n" + "TP53,0,0\n" * 200_000)
    with pytest.raises(BadData, match="unpacks to more than 1 MB"):
        read(path)


def test_damaged_gzip(tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv.gz", frame(400).to_csv())
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(BadData, match="damaged or cut short"):
        read(path)
