"""Published runs are whole, unchanging, and traceable to what they were made from."""

import json
import re

import pandas as pd
import pytest

from landmark.errors import BadRun
from landmark.store.activity import activities
from landmark.store.request import write_request
from landmark.store.runs import Manifest, RunStore, RunWriter

RANKING = pd.DataFrame({"gene": ["TP53", "EGFR"], "score": [0.5, 0.25], "rank": [1, 2]})


def test_a_published_run_says_what_was_written(home, publish):
    run = publish("rank", {"dataset": "abc", "train": "train-00000000"}, ranking=RANKING)
    again = RunStore(home).get(run.id, "rank")
    pd.testing.assert_frame_equal(again.table("ranking"), RANKING)
    assert again.manifest == run.manifest
    assert again.manifest.metrics["sets"]["L1000"]["size"] == 3
    assert again.manifest.files == {"ranking": "ranking.parquet"}
    assert Manifest.parse(json.loads(again.manifest.model_dump_json())) == again.manifest
    assert activities(home) == []
    assert list(home.unfinished.iterdir()) == []


def test_scratch_is_neither_listed_nor_published(home, publish):
    draft = RunWriter(home, write_request(home, "train", {}))
    (draft.folder / "checkpoints").mkdir()
    (draft.folder / "checkpoints" / "weights").write_text("large")
    (draft.folder / "heartbeat.json").write_text("{}")
    assert draft.files() == {}
    manifest = publish("train").manifest.model_copy(update={"id": draft.request.id})
    run = draft.publish(manifest)
    assert sorted(path.name for path in run.folder.iterdir()) == ["manifest.json", "request.json"]


def test_runs_are_listed_newest_first_and_found_by_parent(home, publish):
    first = publish("train", {"dataset": "abc"})
    second = publish("train", {"dataset": "xyz"})
    ranking = publish("rank", {"dataset": "abc", "train": first.id})
    store = RunStore(home)
    assert {run.id for run in store.all()} == {first.id, second.id, ranking.id}
    assert [run.kind for run in store.all("train")] == ["train", "train"]
    assert store.newest("train", dataset="abc").id == first.id
    assert store.newest("train", dataset="nothing") is None
    assert [run.id for run in store.children(first.id)] == [ranking.id]


def test_a_parent_is_kept_while_it_has_children(home, publish):
    store = RunStore(home)
    model = publish("train")
    ranking = publish("rank", {"train": model.id})
    with pytest.raises(BadRun, match=f"{model.id} is the basis of {ranking.id}. Delete those first"):
        store.delete(model.id)
    store.delete(ranking.id)
    store.delete(model.id)
    assert store.all() == []
    assert list(home.runs.iterdir()) == []
    assert list(home.unfinished.iterdir()) == []


@pytest.mark.parametrize("name", ["", ".", "..", "../..", "train-zzz", "train-00000000", "/etc", "a/b"])
def test_names_that_are_no_runs_are_refused(home, publish, name):
    run = publish("train")
    store = RunStore(home)
    with pytest.raises(BadRun, match="There is no"):
        store.get(name)
    with pytest.raises(BadRun, match="There is no"):
        store.delete(name)
    assert store.get(run.id).id == run.id


def test_a_run_of_another_kind_or_table_is_named(home, publish):
    run = publish("train", history=RANKING)
    with pytest.raises(BadRun, match=re.escape("a run of kind 'rank' is needed here")):
        RunStore(home).get(run.id, "rank")
    with pytest.raises(BadRun, match=r"has no table 'ranking'. It has: history"):
        run.table("ranking")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"id": 3}', "\x00\x01", '{"schema_version": "new"}']
)
def test_a_damaged_manifest_hides_one_run_only_and_can_be_deleted(home, publish, content):
    good, bad = publish("train"), publish("train")
    (bad.folder / "manifest.json").write_text(content)
    store = RunStore(home)
    assert [run.id for run in store.all()] == [good.id]
    with pytest.raises(BadRun, match=r"manifest\.json"):
        store.get(bad.id)
    store.delete(bad.id)
    assert [path.name for path in home.runs.iterdir()] == [good.id]


def test_a_damaged_table_is_named(publish):
    run = publish("rank", ranking=RANKING)
    (run.folder / "ranking.parquet").write_bytes(b"PAR1 but not for long")
    with pytest.raises(BadRun, match=r"ranking\.parquet is damaged"):
        run.table("ranking")
