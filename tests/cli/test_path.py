"""The path of the paper on the command line, from a file to the export of its answers."""

import json
import re

import anndata
import pandas as pd
import pytest

TINY = ("--with", "epochs=30", "--with", "hidden=16", "--with", "bottleneck=4")


@pytest.fixture
def ask(landmark):
    """Run a command with --json and return its one object."""

    def run(*words):
        answer = landmark(*words, "--json")
        assert answer.code == 0, answer.err
        assert len(answer.out.strip().splitlines()) == 1
        return json.loads(answer.out)

    return run


@pytest.mark.slow
def test_from_a_file_to_the_export(landmark, ask, small, own_home, tmp_path):
    imported = ask("import", small.write_h5ad(tmp_path / "small.h5ad"), "--title", "Small")
    assert imported["kind"] == "import"
    assert (imported["metrics"]["samples"], imported["metrics"]["genes"]) == (60, 80)
    assert imported["metrics"]["l1000_present"] == 40
    trained = ask("train", "--dataset", imported["id"], *TINY)
    assert re.fullmatch(r"train-[0-9a-f]{8}", trained["id"])
    assert list(pd.read_parquet(trained["files"]["history"])["epoch"]) == list(range(1, 31))
    ranked = ask("rank", "--model", trained["id"])
    ranking = pd.read_parquet(ranked["files"]["ranking"])
    assert sorted(ranking["rank"]) == list(range(1, 81))

    genes = tmp_path / "mine.txt"
    genes.write_text("\n".join(small.symbols(80)[:12]))
    compared = ask(
        "compare", "--set", "L1000", "--set", f"{ranked['id']}:10", "--set", f"list:{genes}", "--set", "variable",
        "--with", "random_sets=3",
    )  # fmt: skip
    assert len(compared["metrics"]["sets"]) == 4
    assert {about["size"] for about in compared["metrics"]["sets"].values()} == {10}
    assert set(compared["files"]) >= {"comparison", "sets", "summary", "random"}

    clustered = ask("cluster", "--model", trained["id"], "--label", "tissue")
    assert clustered["metrics"]["label"] == "tissue"
    assert len(pd.read_parquet(clustered["files"]["embedding"])) == 60

    fits = [run for role, run in ask("runs", "show", compared["id"])["parents"].items() if "fit" in role]
    explained = ask("explain", "--gene", small.symbols(80)[79], "--fit", fits[0])
    assert explained["metrics"]["group_label"] == "tissue"
    assert len(pd.read_parquet(explained["files"]["contributions"])) == 10

    listed = ask("runs", "list")
    assert [row["state"] for row in listed] == ["done"] * (6 + len(fits))
    assert len(fits) == 4
    assert ask("runs", "show", ranked["id"])["parents"]["train"] == trained["id"]

    out = tmp_path / "out"
    assert landmark("runs", "export", clustered["id"], out).code == 0
    assert len(pd.read_csv(out / "embedding.csv")) == 60
    assert anndata.read_h5ad(out / "embedding.h5ad").obsm["X_autoencoder"].shape == (60, 4)
    assert json.loads((out / "manifest.json").read_text())["id"] == clustered["id"]

    assert "is the basis of" in landmark("runs", "delete", trained["id"]).err
    assert landmark("runs", "delete", clustered["id"]).out == f"Deleted {clustered['id']}.\n"
    assert len(ask("runs", "list")) == len(listed) - 1
    assert not list((own_home / "unfinished").iterdir())


@pytest.mark.slow
def test_the_whole_path_in_one_command(landmark, ask, small, tmp_path):
    dataset = ask("import", small.write_h5ad(tmp_path / "small.h5ad"))["id"]
    words = [word if word == "--with" else f"network.{word}" for word in TINY]
    path = ask("path", "--dataset", dataset, *words, "--with", "random_sets=2")
    assert set(path["metrics"]) >= {"train", "rank", "compare", "cluster"}
    # a step more for each predictor of the two sets that are compared
    assert [row["state"] for row in ask("runs", "list")] == ["done"] * 8
    plain = landmark("runs", "show", path["id"])
    assert plain.out.startswith(path["id"])
    assert "train.reconstruction_pcc" in plain.out


def test_an_import_that_failed_can_be_resumed_when_the_file_is_mended(landmark, ask, small, tmp_path):
    path = tmp_path / "late.csv"
    path.touch()
    assert landmark("import", path).code == 2
    [row] = ask("runs", "list")
    assert row["state"] == "failed"
    small.write_csv(path)
    assert ask("runs", "resume", row["id"])["metrics"]["samples"] == 60


def test_plain_answers_are_short_texts(landmark, small, tmp_path):
    answer = landmark("import", small.write_csv(tmp_path / "small.csv"))
    assert answer.code == 0
    assert "samples: 60" in answer.out


def test_examples_are_listed_with_their_sources(landmark, ask):
    examples = ask("examples")
    assert "gdsc" in examples
    assert all(examples.values())
    assert all(name in landmark("examples").out for name in examples)
