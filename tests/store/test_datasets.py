"""A dataset is stored once, under the hash of its content."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from landmark.analyses.registry import MAKERS
from landmark.data.steps import stream
from landmark.data.steps.stream import from_memory
from landmark.errors import BadData, BadRun, Cancelled
from landmark.store.datasets import DatasetStore
from landmark.store.files import scratch_folder
from landmark.store.request import now


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
    assert dataset.annotations().X is None
    assert dataset.annotations().obs["tissue"].tolist() == matrix.obs["tissue"].tolist()
    with dataset.opened() as opened:
        assert opened.isbacked
        np.testing.assert_array_equal(opened.X[1:3], matrix.X[1:3])


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
        store.delete(dataset.id, MAKERS)
    (run.folder / "manifest.json").unlink()
    store.delete(dataset.id, MAKERS)
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


def test_a_stream_is_stored_under_the_same_id_as_the_matrix_in_memory(home, matrix):
    whole = from_memory(matrix)
    seen = []

    def one_by_one():
        for block in whole.blocks():
            for row in range(len(block)):
                yield block[row : row + 1].copy()

    store = DatasetStore(home)
    dataset = store.add(replace(whole, blocks=one_by_one), now(), seen.append)
    assert store.add(matrix, now()) == dataset
    assert [step.done for step in seen] == [0, 1, 2, 3, 4, 5, 6]
    back = dataset.stream()
    np.testing.assert_array_equal(np.concatenate(list(back.blocks())), matrix.X)
    assert list(back.about.obs["tissue"]) == list(matrix.obs["tissue"])
    assert DatasetStore(home).add(back, now()) == dataset


def test_nothing_is_left_of_a_stream_that_is_stopped_or_fails(home, matrix):
    def cancel(progress):
        if progress.done:
            raise Cancelled("stopped")

    def broken():
        yield matrix.X[:3]
        raise BadData("The second half is missing.")

    store = DatasetStore(home)
    with pytest.raises(Cancelled):
        store.add(matrix, now(), cancel)
    with pytest.raises(BadData, match="second half"):
        store.add(replace(from_memory(matrix), blocks=broken), now())
    assert list(home.unfinished.iterdir()) == []
    assert store.all() == []


def test_a_full_disk_is_told_before_anything_is_written(home, matrix, monkeypatch):
    usage = shutil.disk_usage(home.root.parent)._replace(free=1000)
    monkeypatch.setattr(stream.shutil, "disk_usage", lambda folder: usage)
    with pytest.raises(
        BadData, match=r"needs 72 bytes on the disk, 200 MB more .* only 1 kB are free .* LANDMARK_HOME"
    ):
        DatasetStore(home).add(matrix, now())
    assert list(home.unfinished.iterdir()) == []


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path):
    program = (
        "import sys, time; from pathlib import Path; from landmark.store.files import scratch_folder\n"
        "with scratch_folder(Path(sys.argv[1]), '.dataset-') as folder:\n"
        "    (folder / 'half').write_text('x'); print('ready', flush=True); time.sleep(60)"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert writer.stdout is not None
    writer.stdout.readline()
    with scratch_folder(tmp_path, ".dataset-"):
        assert len(list(tmp_path.glob(".dataset-*/"))) == 2  # one at work is left alone
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    with scratch_folder(tmp_path, ".dataset-") as folder:
        assert list(tmp_path.glob(".dataset-*/")) == [folder]
    assert list(tmp_path.iterdir()) == []
