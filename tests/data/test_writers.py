"""What is written reads back as the same float32 values and names."""

import shutil
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from landmark.data import read
from landmark.data.history import history, record
from landmark.data.io import writers
from landmark.data.io.writers import WRITERS, harmless, write
from landmark.data.steps import stream
from landmark.errors import BadConfiguration, BadData, Cancelled
from landmark.progress import Progress
from tests.data.make import adata
from tests.data.steps.passing import in_blocks

finite = st.floats(width=32, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize("ending", WRITERS)
def test_exact_round_trip(tmp_path_factory: pytest.TempPathFactory, ending: str) -> None:
    folder = tmp_path_factory.mktemp("written")

    @settings(max_examples=8)  # reading HDF5 starts a process
    @given(arrays(np.float32, (5, 8), elements=finite))
    def exact(X: np.ndarray) -> None:
        matrix = adata()
        matrix.X = X.copy()
        write(matrix, folder / f"m{ending}")
        again = read(folder / f"m{ending}")
        assert np.array_equal(again.X, X)
        assert again.obs_names.equals(matrix.obs_names)
        assert again.var_names.equals(matrix.var_names)

    exact()


@pytest.mark.parametrize("ending", [".gct", ".gctx", ".h5ad"])
def test_annotations_survive(tmp_path: Path, ending: str) -> None:
    matrix = adata()
    matrix.obs["tissue"] = pd.Categorical(["lung", "liver", None, "lung", "skin"])
    matrix.obs["age"] = [61, 44, 50, 38, 72]
    matrix.obs["note"] = ["a\tb", 'say "x"', "c\nd", "", "e"]
    matrix.var["chromosome"] = list("abcdefgh")
    record(matrix, "Logarithm", offset=1)
    write(matrix, tmp_path / f"m{ending}")
    again = read(tmp_path / f"m{ending}")
    assert again.obs["tissue"].astype(object).where(again.obs["tissue"].notna(), "") .tolist() == [
        "lung", "liver", "", "lung", "skin"
    ]  # fmt: skip
    assert again.obs["age"].astype(int).tolist() == [61, 44, 50, 38, 72]
    assert again.var["chromosome"].tolist() == list("abcdefgh")
    if ending == ".h5ad":
        assert history(again)[0]["step"] == "Logarithm"


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@SUM(A1)", "\tx"])
def test_spreadsheet_formulas_are_neutralised(tmp_path: Path, name: str) -> None:
    assert harmless(name) == f"'{name}"
    assert harmless("TP53") == "TP53"
    matrix = adata()
    matrix.var_names = [name, *matrix.var_names[1:]]
    write(matrix, tmp_path / "m.csv")
    assert f"'{name}" in (tmp_path / "m.csv").read_text().splitlines()[0]


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@SUM(A1)", " =x", '"=x', "\t@x"])
def test_no_cell_of_a_gct_file_is_a_formula(tmp_path: Path, name: str) -> None:
    matrix = adata()
    matrix.var_names = [name, *matrix.var_names[1:]]
    matrix.obs_names = [name, *matrix.obs_names[1:]]
    matrix.obs[name] = [name, "b", None, "d", "e"]
    matrix.obs["change"] = [-1.5, 2.0, -3.0, 4.0, 5.0]
    matrix.var[f"{name} of genes"] = [name, *"bcdefgh"]
    write(matrix, tmp_path / "m.gct")
    cells = [cell for line in (tmp_path / "m.gct").read_text().splitlines() for cell in line.split("\t")]
    risky = [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert all(float(cell) < 0 for cell in risky), risky
    assert "-1.5" in cells


@pytest.mark.parametrize("ending", WRITERS)
def test_a_stream_is_written_as_the_matrix_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    """In small blocks, lots and row groups."""
    monkeypatch.setattr(writers, "LOT_BYTES", 4 * 20 * 3)
    monkeypatch.setattr(writers, "ROW_GROUP_BYTES", 4 * 8 * 9)
    matrix = adata(20)
    matrix.obs["tissue"] = ["lung", "skin"] * 10
    write(in_blocks(matrix, 3), tmp_path / f"m{ending}")
    again = read(tmp_path / f"m{ending}")
    assert np.array_equal(again.X, matrix.X)
    assert again.obs_names.equals(matrix.obs_names)
    assert again.var_names.equals(matrix.var_names)
    if ending not in (".csv", ".parquet"):
        assert again.obs["tissue"].tolist() == matrix.obs["tissue"].tolist()


@pytest.mark.parametrize("ending", WRITERS)
def test_nothing_is_left_of_a_writing_that_is_stopped(tmp_path: Path, ending: str) -> None:
    def cancel(progress: Progress) -> None:
        if progress.done:
            raise Cancelled("stopped")

    target = tmp_path / f"m{ending}"
    target.write_bytes(b"the old one")
    with pytest.raises(Cancelled):
        write(adata(), target, cancel)
    assert list(tmp_path.iterdir()) == [target]
    assert target.read_bytes() == b"the old one"


def test_other_programs_open_what_is_written(tmp_path: Path) -> None:
    matrix = adata(12)
    matrix.obs["tissue"] = ["lung", "skin"] * 6
    for ending in WRITERS:
        write(matrix, tmp_path / f"m{ending}")
    opened = {
        ".h5ad": anndata.read_h5ad(tmp_path / "m.h5ad").to_df(),
        ".csv": pd.read_csv(tmp_path / "m.csv", index_col="sample", dtype={"sample": str}),
        ".parquet": pd.read_parquet(tmp_path / "m.parquet").set_index("sample"),
        # A spreadsheet takes GCT for a table of tabs: two lines about it, names, then one line per annotation.
        ".gct": pd.read_csv(tmp_path / "m.gct", sep="\t", skiprows=2, index_col="id")
        .drop(index="tissue")
        .astype(np.float32)
        .T,
    }
    for ending, table in opened.items():
        assert np.array_equal(table.to_numpy(np.float32), matrix.X), ending
        assert list(table.index) == list(matrix.obs_names), ending
        assert list(table.columns) == list(matrix.var_names), ending
    lines = (tmp_path / "m.gct").read_text().splitlines()
    assert lines[:2] == ["#1.3", "8\t12\t0\t1"]
    assert {line.count("\t") for line in lines[2:]} == {12}


def test_a_full_disk_is_told_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(stream.shutil, "disk_usage", lambda folder: usage)
    with pytest.raises(BadData, match="on the disk"):
        write(adata(), tmp_path / "m.gctx")
    assert not list(tmp_path.iterdir())


def test_unknown_ending(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match=r"m.doc: the ending should be one of .csv"):
        write(adata(), tmp_path / "m.doc")


@pytest.mark.parametrize("ending", [".gct", ".gctx", ".h5ad"])
def test_annotations_may_be_called_as_the_names_are(tmp_path: Path, ending: str) -> None:
    matrix = adata()
    matrix.obs["id"] = [f"well-{i}" for i in range(matrix.n_obs)]
    matrix.var["id"] = [f"bead-{i}" for i in range(matrix.n_vars)]
    matrix.obs["id (annotation)"] = "taken"
    write(matrix, tmp_path / f"m{ending}")
    again = read(tmp_path / f"m{ending}")
    assert again.obs_names.equals(matrix.obs_names)
    for written, kept in ((matrix.obs["id"], again.obs), (matrix.var["id"], again.var)):
        assert any(list(kept[column].astype(str)) == list(written) for column in kept)
    assert any((again.obs[column].astype(str) == "taken").all() for column in again.obs)
