"""Looking at a file before its import, tables that describe samples, and missing values."""

from pathlib import Path

import anndata
import numpy as np
import pytest

from landmark.data import read
from landmark.data.history import describe, history
from landmark.data.io.writers import write as write_matrix
from landmark.data.sample_metadata import join, read_annotations
from landmark.data.sources.preview import few_samples, preview
from landmark.data.steps.normalise import looks_logged
from landmark.errors import BadData
from tests.data.make import GENES, adata, frame, write


def test_preview_of_real_files(shared: Path) -> None:
    seen = preview(shared / "data" / "chowdary_hgu133a_mas5.tsv.gz")
    assert (seen.samples, seen.genes, seen.genes_in) == (104, 22_283, "rows")
    assert (seen.identifier, seen.share, seen.landmarks) == ("hgu133a_probe", 1.0, 978)
    assert not seen.logged.looks
    assert seen.propose_log2
    assert seen.propose_collapse == "mean"
    assert seen.propose_missing == "refuse"
    assert seen.corner.shape == (8, 8)
    lines = preview(shared / "data" / "gdsc_cell_lines.h5ad")
    assert lines.logged.looks
    assert "negative" in lines.logged.reason
    assert lines.landmarks > 400
    assert lines.annotations == ("tissue", "tissue_subtype", "tcga_label")
    assert preview(shared / "data" / "gtex_tissues_19139x29_tpm.tsv.gz").landmarks > 900


@pytest.mark.parametrize(
    ("name", "logged"),
    [
        ("bladder_hgu133a_rma.csv.gz", True),
        ("borovecki_hgu133a_mas5.tsv.gz", False),
        ("lukk_hgu133a_rma_24.tsv.gz", True),
        ("gtex_467x520_log2.tsv.gz", True),
        ("gtex_tissues_19139x29_tpm.tsv.gz", False),
        ("bhattacharjee_lung_u95a_1543x203.tsv.gz", False),
    ],
)
def test_logged_or_not(shared: Path, name: str, logged: bool) -> None:
    assert preview(shared / "data" / name).logged.looks is logged


def test_nothing_to_judge_by() -> None:
    assert looks_logged(np.empty(0)).looks


def test_preview_shows_what_import_refuses(tmp_path: Path) -> None:
    table = frame()
    table.iloc[0, 0] = np.nan
    path = write(tmp_path / "m.csv", table.to_csv())
    seen = preview(path)
    assert (seen.missing, seen.genes_with_missing) == (1, 1)
    assert seen.propose_missing == "drop genes"
    assert seen.low >= 4


@pytest.mark.parametrize("suffix", [".gctx", ".h5ad"])
def test_of_a_large_file_some_samples_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    whole = adata(samples=900)
    describe(whole, title="Whole", source="made", unit="", identifier="symbol")
    path = tmp_path / f"m{suffix}"
    write_matrix(whole, path)
    alike = preview(path)
    monkeypatch.setattr(few_samples, "__defaults__", (0,))
    seen = preview(path)
    assert (alike.looked_at, seen.looked_at) == (900, 206)
    assert (seen.samples, seen.genes, seen.identifier) == (900, 8, "symbol")
    assert len(seen.sample_names) == 900
    np.testing.assert_array_equal(seen.corner, alike.corner)


def test_missing_values(tmp_path: Path) -> None:
    table = frame()
    table.iloc[0, 0] = table.iloc[3, 0] = np.nan
    path = write(tmp_path / "m.csv", table.to_csv())
    dropped = read(path, missing="drop genes")
    assert dropped.var_names.tolist() == GENES[1:]
    assert history(dropped)[-1]["genes_dropped"] == 1
    filled = read(path, missing="gene median")
    assert filled.X[0, 0] == pytest.approx(table.iloc[[1, 2, 4], 0].median())
    np.testing.assert_array_equal(filled.X[1:3], table.to_numpy()[1:3])
    assert history(filled)[-1]["values_filled"] == 2
    table.iloc[:, 0] = np.nan
    table.iloc[0, 1] = np.nan
    left = read(write(path, table.to_csv()), missing="gene median")
    assert left.var_names.tolist() == GENES[1:]
    assert (history(left)[-1]["values_filled"], history(left)[-1]["genes_dropped"]) == (1, 1)
    table.iloc[0] = np.nan
    with pytest.raises(BadData, match="Every gene has missing or infinite values"):
        read(write(path, table.to_csv()), missing="drop genes")


@pytest.mark.parametrize(
    ("matrix", "samples", "by", "column", "matched"),
    [
        ("bladder_hgu133a_rma.csv.gz", "bladder_hgu133a_samples.csv", "column 1", "outcome", 57),
        ("chowdary_hgu133a_mas5.tsv.gz", "chowdary_hgu133a_samples.csv", "sample", "class", 104),
        ("borovecki_hgu133a_mas5.tsv.gz", "borovecki_hgu133a_samples.csv", "sample", "class", 31),
        ("lukk_hgu133a_rma_24.tsv.gz", "lukk_hgu133a_samples.csv", "column 1", "Tissue", 24),
        ("bhattacharjee_lung_u95a_1543x203.tsv.gz", "bhattacharjee_lung_samples.csv", "sample", "class", 203),
    ],
)
def test_real_annotations(
    shared: Path, matrix: str, samples: str, by: str, column: str, matched: int
) -> None:
    adata = read(shared / "data" / matrix)
    joined = join(adata, read_annotations(shared / "data" / samples))
    assert joined.matched == matched
    assert joined.by == by
    assert joined.samples_without == joined.rows_without == ()
    assert adata.obs[column].notna().all()


def test_unmatched_are_listed(tmp_path: Path) -> None:
    matrix = adata()
    table = read_annotations(write(tmp_path / "a.csv", "age;name;tissue\n61;S2;lung\n44;S9;liver\n50;S1;\n"))
    joined = join(matrix, table)
    assert joined.by == "name"
    assert joined.samples_without == ("S3", "S4", "S5")
    assert joined.rows_without == ("S9",)
    assert matrix.obs["age"].tolist()[:2] == [50, 61]
    assert matrix.obs["tissue"].isna().tolist() == [True, False, True, True, True]
    assert history(matrix)[-1]["matched"] == 2


def test_names_of_annotations_can_be_stored(tmp_path: Path) -> None:
    matrix = adata()
    text = "name,tumor/normal,tumor_normal,_index,empty\nS1,t,a,1,\nS2,n,b,2,\n"
    joined = join(matrix, read_annotations(write(tmp_path / "a.csv", text)))
    assert joined.columns == ("tumor_normal", "tumor_normal 2", "index", "empty")
    matrix.write_h5ad(tmp_path / "m.h5ad")
    stored = anndata.read_h5ad(tmp_path / "m.h5ad")
    assert list(stored.obs.columns) == list(joined.columns)
    assert stored.obs["empty"].isna().all()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,tissue\nX1,lung\nX2,skin\n", "No name in the column 'name' is a sample"),
        ("name,tissue\nS1,lung\nS1,skin\n", "described more than once .S1"),
        ("name,split\nS1,train\nS2,test\n", "'split' is kept"),
        ("name,a,a\nS1,1,2\nS2,3,4\n", "several columns called 'a'"),
        ("name,a\nS1,1\nS2,2,3\n", "Line 3"),
        ("name,a\n", "describes no samples"),
        ("PAR1\x00\x01", "neither text nor Excel"),
    ],
)
def test_bad_annotations(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadData, match=words):
        join(adata(), read_annotations(write(tmp_path / "a.csv", text)))


def test_named_column_must_exist(tmp_path: Path) -> None:
    table = read_annotations(write(tmp_path / "a.csv", "name,a\nS1,1\nS2,2\n"))
    with pytest.raises(BadData, match=r"no column 'id'. Columns: name, a"):
        join(adata(), table, by="id")
