"""A dataset is written as a file that other programs open and that imports as the same matrix."""

import json
from pathlib import Path

import numpy as np
import pytest

from landmark.data import read
from landmark.data.io.writers import write
from landmark.store.datasets import DatasetStore
from landmark.store.workspace import Workspace
from tests.data.make import adata


@pytest.fixture
def dataset(landmark, tmp_path: Path) -> str:
    write(adata(12), tmp_path / "m.csv")
    return str(json.loads(landmark("import", tmp_path / "m.csv", "--json").out)["id"])


@pytest.mark.parametrize("ending", ["csv", "gct", "gctx", "h5ad", "parquet"])
def test_every_format_reads_back(landmark, dataset, own_home, tmp_path, ending):
    path = tmp_path / f"out.{ending}"
    answer = landmark("export", dataset, "--format", ending, "--to", path)
    assert (answer.code, answer.out.strip(), answer.err) == (0, str(path), "")
    stored = DatasetStore(Workspace(own_home)).get(dataset).load()
    again = read(path)
    assert np.array_equal(again.X, stored.X)
    assert again.obs_names.equals(stored.obs_names)
    assert again.var_names.equals(stored.var_names)


def test_the_name_of_the_file_is_that_of_the_dataset(landmark, dataset, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = json.loads(landmark("export", dataset, "--format", "gctx", "--json").out)
    assert answer["files"] == {f"{dataset}.gctx": f"{dataset}.gctx"}
    assert (tmp_path / f"{dataset}.gctx").is_file()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nothing", "--format", "csv"), "There is no dataset 'nothing'"),
        (("ID",), "give the format with --format"),
        (("ID", "--format", "csv", "--to", "out.gct"), "the ending of a csv file is .csv"),
        (("ID", "--to", "out.doc"), "the ending should be one of .csv"),
        (("ID", "--to", "missing/out.csv"), "is no folder that can be written to"),
        (("ID", "--to", "there.csv"), "there.csv is there already"),
        (("ID", "--format", "xlsx"), "'xlsx' is not one of"),
    ],
)
def test_what_cannot_be_written_is_explained(landmark, dataset, tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    Path("there.csv").write_text("mine")
    answer = landmark("export", *(dataset if word == "ID" else word for word in words))
    assert answer.code == 2
    assert message in answer.err
    assert Path("there.csv").read_text() == "mine"
    assert not list(tmp_path.glob("out*"))
