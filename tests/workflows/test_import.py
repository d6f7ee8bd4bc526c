"""Importing with every answer that the page asks for."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from landmark.analyses.import_data import run as import_data_run
from landmark.analyses.import_data.config import ImportConfiguration
from landmark.data.io.writers import write as write_matrix
from landmark.data.reading import read_passing
from landmark.data.steps.genes import without_identical
from landmark.data.steps.missing import resolve_missing
from landmark.data.steps.stream import from_memory
from landmark.errors import BadConfiguration, BadData
from landmark.store.datasets import DatasetStore
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now
from landmark.workflows.notes import reading_notes
from tests.data.geo_server import Site, series_matrix, served
from tests.data.make import adata, frame, write

TABLE = "name,tissue,patient\nS1,lung,a\nS2,lung,a\nS3,skin,b\nS4,skin,b\nS5,skin,c\nS9,skin,c\n"


def _imported(own_home: Path, **answers: Any) -> tuple[Any, Any]:
    home = Workspace(own_home)
    run = execute_now(home, "import", answers)
    return run, DatasetStore(home).get(run.manifest.parents["dataset"]).load()


def test_every_answer_is_followed_and_recorded(own_home: Path, tmp_path: Path) -> None:
    table = frame()
    table.iloc[0, 0] = np.nan
    answers = {
        "path": str(write(tmp_path / "m.csv", table.to_csv())),
        "orientation": "genes in columns",
        "identifier": "symbol",
        "missing": "gene median",
        "annotations": str(write(tmp_path / "a.csv", TABLE)),
        "annotations_by": "name",
        "columns": ["patient"],
        "split_by": "patient",
        "held_out": 0.4,
        "title": "Mine",
    }
    run, matrix = _imported(own_home, **answers)
    assert matrix.shape == (5, 8)
    learned = table.iloc[1:, 0][(matrix.obs["split"] == "train").to_numpy()[1:]]
    assert len(learned) < 4
    assert matrix.X[0, 0] == pytest.approx(learned.median())
    assert list(matrix.obs.columns) == ["patient", "split"]
    assert matrix.obs.groupby("patient", observed=True)["split"].nunique().max() == 1
    assert run.manifest.configuration.items() >= answers.items()
    metrics = run.manifest.metrics
    assert (metrics["annotated"], metrics["unmatched_samples"], metrics["unmatched_rows"]) == (5, [], ["S9"])
    assert metrics["share_recognised"] == 1.0


def test_a_table_turned_by_mistake_is_turned_back(own_home: Path, tmp_path: Path) -> None:
    odd = frame(genes=[f"X{i}" for i in range(3)])
    path = str(write(tmp_path / "m.csv", odd.to_csv()))
    assert _imported(own_home, path=path)[1].shape == (3, 5)
    assert _imported(own_home, path=path, orientation="genes in columns")[1].shape == (5, 3)


def test_unknown_columns_are_refused(own_home: Path, tmp_path: Path) -> None:
    path = str(write(tmp_path / "m.csv", frame().to_csv()))
    with pytest.raises(BadData, match=r"no annotation 'age' to keep. Annotations: none"):
        _imported(own_home, path=path, columns=["age"])
    with pytest.raises(BadData, match="no column 'age' to group by"):
        _imported(own_home, path=path, split_by="age")


@pytest.mark.parametrize(
    ("given", "columns"),
    [("a, b", ("a", "b")), ('["a", "b"]', ("a", "b")), ("", ()), (None, None), (["a"], ("a",))],
)
def test_columns_are_said_in_several_ways(given: object, columns: object) -> None:
    assert ImportConfiguration.parse({"path": "m.csv", "columns": given}).columns == columns


@pytest.mark.parametrize("answer", [{"orientation": "genes in rows"}, {"missing": "gene median"}])
def test_an_example_leaves_no_question_about_a_file(answer: dict[str, str]) -> None:
    with pytest.raises(BadConfiguration, match="is asked of files only"):
        ImportConfiguration.parse({"example": "simulated", **answer})


RNASEQDB = (
    b"Hugo_Symbol\tEntrez_Gene_Id\tTCGA-A1-B2C3-11A\tTCGA-A1-B2C4-11A\nTP53\t7157\t3\t7\nEGFR\t1956\t1\t0\n"
)


def test_a_folder_of_rnaseqdb_is_joined(own_home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "normalized"
    folder.mkdir()
    (folder / "luad-rsem-fpkm-tcga.txt").write_bytes(RNASEQDB)
    (folder / "prad-rsem-fpkm-tcga-t.txt").write_bytes(RNASEQDB.replace(b"TCGA-A1", b"TCGA-A2"))
    _, matrix = _imported(own_home, path=str(folder), split_by="patient", held_out=0.5)
    assert matrix.obs["organ"].tolist() == ["lung", "lung", "prostate", "prostate"]
    assert matrix.X[:, 0].tolist() == [2, 3, 2, 3]
    with pytest.raises(
        BadConfiguration, match="missing is asked of single files only; leave it out for normalized"
    ):
        _imported(own_home, path=str(folder), missing="gene median")


def test_the_notes_say_why_genes_were_left_out() -> None:
    matrix = adata(samples=6)
    matrix.X[:, 1], matrix.X[0, 0] = matrix.X[:, 2], np.nan
    left = without_identical(resolve_missing(from_memory(matrix), "drop genes"), "drop")
    assert reading_notes(left.about) == (
        "1 gene with missing values was dropped.",
        "2 genes with the values of another gene were dropped.",
    )


def test_a_gene_without_any_value_is_not_said_to_copy_another() -> None:
    matrix = adata(samples=6)
    matrix.X[:, 1] = np.nan
    left = resolve_missing(from_memory(matrix), "leave")
    assert reading_notes(left.about) == ("1 gene with no value in any sample was dropped.",)


def test_examples_say_how_many_names_are_recognised(own_home: Path) -> None:
    run, _ = _imported(own_home, example="simulated-small")
    assert run.manifest.metrics["share_recognised"] > 0.9


def test_a_series_is_imported_by_its_accession(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = "/geo/series/GSE10nnn/GSE10072/matrix/GSE10072_series_matrix.txt.gz"
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with served(Site({place: series_matrix("GSE10072", 6, {"title": list("abcdef")})})) as site:
        monkeypatch.setenv("LANDMARK_GEO_ADDRESS", site.address)
        _, matrix = _imported(own_home, accession="GSE10072")
    assert matrix.shape == (6, 8)
    assert matrix.uns["landmark"]["source"] == f"GEO GSE10072, {site.address}/GSE10nnn/GSE10072"


def test_annotations_may_come_from_a_workbook(own_home: Path, tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    taken = pd.to_datetime(["2020-01-02", "2020-01-03"])
    pd.DataFrame({"name": ["S1", "S2"], "age": [61, 44], "taken": taken}).to_excel(book, index=False)
    path = str(write(tmp_path / "m.csv", frame().to_csv()))
    run, matrix = _imported(own_home, path=path, annotations=str(book))
    assert matrix.obs["age"].tolist()[:2] == [61, 44]
    assert matrix.obs["taken"].tolist()[0] == "2020-01-02"
    assert run.manifest.metrics["unmatched_samples"] == ["S3", "S4", "S5"]


@pytest.mark.parametrize("collapse", ["none", "mean", "most variable"])
def test_a_large_file_gives_the_same_dataset_in_blocks(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, collapse: str
) -> None:
    write_matrix(adata(12), tmp_path / "m.gctx")
    answers = {
        "path": str(tmp_path / "m.gctx"),
        "log2": True,
        "collapse": collapse,
        "title": "Mine",
        "annotations": str(write(tmp_path / "a.csv", TABLE.replace("S9", "S10"))),
    }
    whole, _ = _imported(own_home, **answers)
    monkeypatch.setattr(import_data_run, "read_passing", partial(read_passing, larger_than=0))
    monkeypatch.setattr(import_data_run, "read", None)
    passed, _ = _imported(own_home, **answers)
    assert passed.manifest.parents == whole.manifest.parents  # the id is the hash of the content
    assert passed.manifest.metrics == whole.manifest.metrics
