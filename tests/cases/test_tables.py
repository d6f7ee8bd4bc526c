"""Text tables, workbooks and tables of annotations as people have met with them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from landmark.data import read
from landmark.data.history import history
from landmark.data.sample_metadata import join, read_annotations
from landmark.data.sources.preview import preview
from landmark.epigenome.reading import read_genes
from tests.cases.tables import notes, same


@pytest.fixture
def cases(shared: Path) -> Path:
    return shared / "cases"


@pytest.mark.parametrize(
    "name",
    [
        "aligned-blanks/blanks_aligned.txt",
        "lines-before-header/comments_bang.tsv",
        "lines-before-header/comments_hash.tsv",
        "lines-before-header/title_line.csv",
        "quotes-in-text/desc_newline.csv",
        "quotes-in-text/desc_quote.tsv",
        "row-trailing-separator/trailing_rows.csv",
        "row-trailing-separator/trailing_rows.tsv",
        "trailing-empty-columns/trailing_both.tsv",
        "trailing-empty-columns/trailing_two.csv",
        "htseq-footer-rows/htseq_foot.tsv",
    ],
)
def test_text(cases: Path, name: str) -> None:
    matrix = read(cases / name)
    assert matrix.shape == (12, 60)
    assert matrix.obs_names.tolist() == [f"S{i}" for i in range(1, 13)]
    assert matrix.var_names[:2].tolist() == ["AARS", "ABCB6"]
    np.testing.assert_allclose(matrix.X[[0, 1, 11], 0], [7.691, 8.643, 8.093], rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("lines-before-header/x_readme.xlsx", "'data' is read, not 'README'"),
        ("lines-before-header/x_title.xlsx", "above the header"),
        ("trailing-empty-columns/x_emptycol.xlsx", "without values are left out"),
        ("quotes-in-text/gct_quote_desc.gct", ""),
    ],
)
def test_workbooks_and_gct(cases: Path, name: str, note: str) -> None:
    matrix = read(cases / name)
    assert matrix.shape == (12, 60)
    np.testing.assert_allclose(matrix.X[:2, 0], [11.082, 3.722], rtol=1e-6)
    assert note in notes(matrix)


def test_thousands(cases: Path) -> None:
    path = cases / "thousands-separator" / "thousands.tsv"
    matrix = read(path)
    assert matrix.X[:2, 0].tolist() == [10547, 16674]
    same(matrix, pd.read_csv(path, sep="\t", index_col=0, thousands=",").T)
    one = read(cases / "thousands-separator-drops-sample" / "thousands_onecol.csv")
    assert one.shape == (12, 60)
    assert one.X[2:4, 0].tolist() == [901, 1994]
    assert "Commas group thousands" in notes(one)


def test_footers_and_facts(cases: Path) -> None:
    assert "__no_feature, __ambiguous" in notes(read(cases / "htseq-footer-rows" / "htseq_foot.tsv"))
    clinical = read(cases / "clinical-column-becomes-gene" / "clinical_cols.csv")
    assert clinical.shape == (12, 31)
    assert clinical.obs["OS.time"].tolist()[:2] == [0, 300]
    assert {"age", "sex", "OS.time"} == set(clinical.obs)
    packed = read(cases / "clinical-column-becomes-gene" / "p_samples_age.parquet")
    assert packed.shape == (12, 60)
    assert packed.obs["age"].tolist()[:2] == [40, 41]


@pytest.mark.parametrize("name", ["v_inf.tsv", "v_neginf.tsv"])
def test_infinite_values(cases: Path, name: str) -> None:
    path = cases / "infinite-values-dead-end" / name
    assert read(path, missing="drop genes").n_vars == 57
    filled = read(path, missing="gene median")
    assert history(filled)[-1]["values_filled"] == 3
    assert filled.X[0, 0] == pytest.approx(np.median(filled.X[1:, 0]))
    seen = preview(path)
    assert (seen.missing, seen.genes_with_missing, seen.propose_missing) == (3, 3, "drop genes")


def test_annotations(cases: Path) -> None:
    folder = cases / "annotation-layout"

    def joined(path: Path) -> pd.DataFrame:
        matrix = read(folder / "crlf.tsv")
        assert join(matrix, read_annotations(path)).matched == 12
        return matrix.obs

    assert joined(folder / "a_comment.csv")["age"].tolist()[:2] == [40, 41]
    assert joined(folder / "a_newline.csv")["note"].tolist()[0] == "two lines"
    assert joined(folder / "a_decimal.csv")["dose"].tolist()[:3] == [0.5, 1.5, 2.5]
    zeros = joined(cases / "annotation-leading-zero" / "a_leadzero.csv")
    assert zeros["patient"].tolist()[:3] == ["000", "001", "002"]


def test_quoted_genes_of_histones(cases: Path) -> None:
    genes = read_genes(cases / "histones-quoted-gene" / "quoted.csv")
    assert genes.names[:2].tolist() == ["000003", "000005"]
