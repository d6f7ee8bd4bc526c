"""Prepare, quality and merge on the command line."""

import json

import pytest

from landmark.analyses.command_line import command_line
from landmark.analyses.merge import MERGE
from landmark.analyses.prepare import PREPARE
from landmark.store.datasets import DatasetStore
from landmark.store.workspace import Workspace


@pytest.fixture
def ask(landmark):
    """Run a command with --json and return its one object."""

    def run(*words):
        answer = landmark(*words, "--json")
        assert answer.code == 0, answer.err
        return json.loads(answer.out)

    return run


def test_from_a_file_to_a_prepared_and_merged_dataset(landmark, ask, small, own_home, tmp_path):
    first = ask("import", small.write_h5ad(tmp_path / "a.h5ad", genes=30), "--title", "First")["id"]
    second = ask("import", small.write_h5ad(tmp_path / "b.h5ad", genes=20, seed=1), "--title", "Second")["id"]
    options = ("--quantile", "4 to 15", "--remove-duplicates", "--split", "by group", "--group", "tissue")
    prepared = ask("prepare", "--dataset", first, *options, "--held-out", "0.4", "--title", "Even")
    assert prepared["kind"] == "prepare"
    assert prepared["metrics"]["steps"] == ["Split", "Quantile normalisation", "Near-duplicates removed"]
    store = DatasetStore(Workspace(own_home))
    assert store.get(prepared["id"]).manifest.title == "Even"
    looked = ask("quality", "--dataset", prepared["id"], "--with", "threshold=8")
    assert looked["metrics"]["annotation"] in ("tissue", "split")
    assert set(looked["files"]) >= {"samples", "components", "correlation", "explained", "overall"}
    merged = ask("merge", prepared["id"], second, "--joint", "--title", "Both")
    assert (merged["metrics"]["samples"], merged["metrics"]["genes"]) == (120, 20)
    assert merged["metrics"]["genes_lost"] == [10, 0]
    assert store.get(merged["id"]).manifest.labels["origin"] == 2


@pytest.mark.parametrize(
    ("words", "telling"),
    [
        (["prepare", "--dataset", "x"], "choose at least one step"),
        (["prepare", "--dataset", "x", "--quantile", "always"], "quantile = 'always'"),
        (["prepare", "--dataset", "x", "--split", "by group"], "split_group"),
        (["prepare", "--dataset", "x", "--log2", "--with", "log2_offset=-1"], "log2_offset = '-1'"),
        (["quality", "--dataset", "nothing"], "There is no dataset 'nothing'"),
        (["merge", "one"], "datasets"),
        (["merge", "one", "one"], "name each dataset once"),
        (["merge", "one", "two"], "There is no dataset 'one'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_at_fault_is_explained(landmark, words, telling):
    answer = landmark(*words)
    assert answer.code == 2
    assert telling in answer.err
    assert "Traceback" not in answer.err


def test_the_command_that_repeats_a_run(landmark):
    assert command_line(MERGE, {"datasets": ["a", "b"], "joint": True}) == (
        "python -m landmark merge a b --joint"
    )
    choices = {"dataset": "a", "log2": True, "split": "by group", "split_group": "patient"}
    assert command_line(PREPARE, choices) == (
        "python -m landmark prepare --dataset a --split 'by group' --group patient --log2"
    )
