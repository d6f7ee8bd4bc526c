"""A dataset is stored once, under the hash of its content."""

import numpy as np
import pytest

from landmark.errors import BadRun
from landmark.runs.datasets import DatasetStore
from landmark.runs.request import now


def test_storing_twice_keeps_the_first_copy(home, matrix):
    store = DatasetStore(home)
    first = store.add(matrix, "2026-01-01T00:00:00.000+00:00")
    second = store.add(matrix.copy(), now())
    assert first == second
    assert len(store.all()) == 1
    assert list(home.unfinished.iterdir()) == []


def test_what_comes_back_is_what_went_in(home, matrix):
    dataset = DatasetStore(home).add(matrix, now())
    back = dataset.load()
    np.testing.assert_array_equal(back.X, matrix.X)
    assert back.X.dtype == np.float32
    assert list(back.var_names) == ["TP53", "EGFR", "MYC"]
    assert list(back.obs["split"]) == list(matrix.obs["split"])
    manifest = dataset.manifest
    assert (manifest.samples, manifest.genes) == (6, 3)
    assert manifest.split == {"train": 4, "test": 2}
    assert manifest.labels == {"tissue": 2}
    annotations = dataset.annotations()
    assert annotations.isbacked
    annotations.file.close()


@pytest.mark.parametrize("part", ["value", "sample", "gene", "split", "title"])
def test_any_change_makes_another_dataset(home, matrix, part):
    changed = matrix.copy()
    if part == "value":
        changed.X[0, 0] += 1e-3
    elif part == "sample":
        changed.obs_names = ["other", *changed.obs_names[1:]]
    elif part == "gene":
        changed.var_names = ["KRAS", *changed.var_names[1:]]
    elif part == "split":
        changed.obs["split"] = changed.obs["split"].to_list()[::-1]
    else:
        changed.uns["landmark"] = {**changed.uns["landmark"], "title": "Others"}
    store = DatasetStore(home)
    assert store.add(matrix, now()).id != store.add(changed, now()).id


def test_a_dataset_is_kept_while_runs_need_it(home, matrix, publish):
    store = DatasetStore(home)
    dataset = store.add(matrix, now())
    publish("import", {"dataset": dataset.id})
    run = publish("train", {"dataset": dataset.id})
    with pytest.raises(BadRun, match=f"is the basis of {run.id}"):
        store.delete(dataset.id)
    (run.folder / "manifest.json").unlink()
    store.delete(dataset.id)
    assert store.all() == []


def test_a_damaged_dataset_is_named(home, matrix):
    store = DatasetStore(home)
    dataset = store.add(matrix, now())
    (dataset.folder / "data.h5ad").write_bytes(b"no matrix")
    with pytest.raises(BadRun, match=r"missing or damaged. Delete the dataset and import it again"):
        dataset.load()
    (dataset.folder / "manifest.json").write_text("{}")
    assert store.all() == []
    with pytest.raises(BadRun, match="cannot be used"):
        store.get(dataset.id)


@pytest.mark.parametrize("name", ["", "..", "nothing"])
def test_names_that_are_no_datasets_are_refused(home, name):
    with pytest.raises(BadRun, match="There is no dataset"):
        DatasetStore(home).get(name)
