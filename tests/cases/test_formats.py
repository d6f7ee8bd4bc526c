"""Inputs in formats other than delimited text that people have met with."""

from pathlib import Path

import numpy as np
import pytest

from landmark.data import read
from landmark.data.history import history
from landmark.errors import BadData


@pytest.fixture
def cases(shared: Path) -> Path:
    return shared / "cases"


def test_categories_of_former_anndata(cases: Path) -> None:
    matrix = read(cases / "h5ad-old-categories" / "h_oldcat.h5ad")
    assert matrix.obs["cell_type"].tolist()[:3] == ["T cell", "B cell", "NK"]
    assert matrix.obs["cell_type"].nunique() == 3


def test_nullable_columns(cases: Path) -> None:
    obs = read(cases / "h5ad-nullable-columns" / "h_nullable.h5ad").obs
    assert obs["response"].isna().tolist() == [False, False, True] * 4
    assert obs["response"].dropna().tolist()[:4] == [True, False, True, False]
    assert obs["stage"].dropna().tolist()[:4] == [1, 2, 1, 2]
    assert {"cell_type", "age", "passed"} <= set(obs)


def test_layers_without_a_matrix(cases: Path) -> None:
    with pytest.raises(BadData, match=r"without X; it has the layers counts, logcounts\. Choose"):
        read(cases / "h5ad-layers-only" / "h_layers_only.h5ad")


@pytest.mark.parametrize(
    ("file", "column"), [("h_int_index.h5ad", "gene_symbols"), ("h_int1_index.h5ad", "features")]
)
def test_numbered_genes_named_by_a_column(cases: Path, file: str, column: str) -> None:
    matrix = read(cases / "h5ad-integer-index" / file)
    assert matrix.shape == (12, 60)
    assert matrix.var_names.tolist()[:2] == ["AARS", "ABCB6"]
    assert column not in matrix.var


@pytest.mark.parametrize("file", ["h_split.h5ad", "sm_split_key_series_matrix.txt"])
def test_an_annotation_called_split_is_kept(cases: Path, file: str) -> None:
    matrix = read(cases / "series-matrix-split-key" / file)
    assert "split" not in matrix.obs
    assert matrix.obs["split (file)"].nunique() > 1
    assert "kept as 'split (file)'" in " ".join(history(matrix)[0]["notes"])


def test_carriage_returns_within_values(cases: Path) -> None:
    folder = cases / "series-matrix-carriage-return"
    obs = read(folder / "sm_cr_used_series_matrix.txt").obs
    assert obs["tissue"].tolist() == ["kidney", "liver"] * 3
    assert obs["description"].tolist() == ["first line second"] * 6


def test_the_second_channel(cases: Path) -> None:
    obs = read(cases / "series-matrix-channel-2" / "sm_ch2_series_matrix.txt").obs
    assert obs["source_name_ch2"].tolist() == ["tumor", "normal"] * 3
    assert obs["stage"].tolist() == ["II", "III"] * 3


def test_a_geo_dataset(cases: Path) -> None:
    matrix = read(cases / "gds-soft" / "gds900.soft")
    assert matrix.shape == (6, 40)
    assert matrix.obs["tissue"].tolist() == ["kidney"] * 3 + ["liver"] * 3
    assert matrix["GSM90002", "1053_at"].X.item() == np.float32(9.548)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("mtx.mtx", "MatrixMarket matrix, which holds no names.*barcodes.tsv"),
        ("x.rds", "R data.*write.csv"),
        ("x.ods", "OpenDocument spreadsheet.*xlsx or as CSV"),
        ("x.xlsm", "xlsm is damaged or no Excel workbook.*xlsx"),
        ("n_sparse.npz", "sparse matrix of SciPy.*numpy.savez"),
    ],
)
def test_formats_that_are_not_read(cases: Path, file: str, words: str) -> None:
    with pytest.raises(BadData, match=words):
        read(cases / "other-formats-messages" / file)


def test_numpy_archives_by_the_names_of_their_lists(cases: Path) -> None:
    labelled = read(cases / "other-formats-messages" / "n_labels.npz")
    assert labelled.shape == (12, 60)
    assert labelled.obs["labels"].tolist() == ["a", "b"] * 6
    numbered = read(cases / "other-formats-messages" / "n_intgenes.npz", genes_in="columns")
    assert numbered.var_names.tolist()[:4] == ["16", "10058", "10057", "23"]


def test_ages_in_a_parquet_file_are_facts(cases: Path) -> None:
    matrix = read(cases / "clinical-column-becomes-gene" / "p_samples_age.parquet")
    assert matrix.shape == (12, 60)
    assert "age" in matrix.obs
