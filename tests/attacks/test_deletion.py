"""Deleting what is deleted already, what was half deleted, and what a job works with."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from landmark.analyses.registry import MAKERS
from landmark.errors import BadData, BadRun, LandmarkError
from landmark.store.activity import discard
from landmark.store.datasets import DatasetStore
from landmark.store.files import write_json
from landmark.store.lists import delete_list, store_list
from landmark.store.request import STEPS, write_request
from landmark.store.runs import RunStore
from landmark.store.sweep import sweep
from landmark.store.workspace import Workspace
from tests.pages.stored import dataset, stopped
from tests.real_runs import RealRuns

ROOT = Path(__file__).parents[2]

KILLED = """
import os, shutil, sys
from landmark.store import removal
from landmark.store.activity import discard
from landmark.store.datasets import DatasetStore
from landmark.store.workspace import open_workspace
from landmark.store.runs import RunStore
removal.shutil.rmtree = lambda *a, **k: os._exit(9)
{"dataset": lambda name: DatasetStore(open_workspace()).delete(name, ()), "run": RunStore(open_workspace()).delete,
 "unfinished": lambda name: discard(open_workspace(), name)}[sys.argv[1]](sys.argv[2])
"""


def _killed(kind: str, name: str) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, kind, name], cwd=ROOT, env=os.environ, check=False)
    assert done.returncode == 9


def test_a_dataset_whose_deletion_was_killed_can_be_imported_and_deleted_again(home: Workspace) -> None:
    data = dataset(home)
    for _ in range(2):
        _killed("dataset", data.id)
        assert DatasetStore(home).all() == []
        assert dataset(home).id == data.id
    DatasetStore(home).delete(data.id, MAKERS)
    assert DatasetStore(home).all() == []
    sweep(home)
    assert list(home.unfinished.iterdir()) == []


def test_killed_deletions_of_runs_are_swept(home: Workspace, real: RealRuns) -> None:
    run = real("train")
    failed = stopped(home, "train", {"dataset": real.dataset().id}, "No.")
    _killed("run", run.id)
    _killed("unfinished", failed.id)
    assert len(list(home.unfinished.iterdir())) == 2
    sweep(home)
    assert list(home.unfinished.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "configuration"),
    [
        ("train", {"dataset": "{data}"}),
        ("compare", {"dataset": "{data}", "sets": ("L1000",)}),
        ("merge", {"datasets": ("{data}", "0123456789ab")}),
        ("cross-platform", {"dataset": "0123456789ab", "other": "{data}"}),
    ],
)
def test_a_dataset_is_kept_while_an_unfinished_run_names_it(
    home: Workspace, kind: str, configuration: dict
) -> None:
    data = dataset(home)
    values = {
        name: tuple(text.format(data=data.id) for text in value)
        if isinstance(value, tuple)
        else value.format(data=data.id)
        for name, value in configuration.items()
    }
    request = write_request(home, kind, values)
    with pytest.raises(BadRun, match=f"needed by {request.id}"):
        DatasetStore(home).delete(data.id, MAKERS)
    assert DatasetStore(home).get(data.id).load().n_obs == 30
    (request.folder(home) / "request.json").touch()
    os.utime(request.folder(home) / "request.json", (0, 0))  # it was interrupted long ago
    with pytest.raises(BadRun, match="cancel and delete that first"):
        DatasetStore(home).delete(data.id, MAKERS)
    discard(home, request.id)
    DatasetStore(home).delete(data.id, MAKERS)


@pytest.mark.parametrize(
    "configuration",
    [
        {"model": "{run}"},
        {"sets": ["L1000", "{run}:490"]},
        {"set": " {run}:12 "},
        {"predictor": {"inner": ["{run}"]}},
        {"start": "{run}"},
    ],
)
def test_a_run_is_kept_while_an_unfinished_one_names_it(
    home: Workspace, real: RealRuns, configuration: dict
) -> None:
    run = real("rank")

    def filled(value: object) -> object:
        if isinstance(value, dict):
            return {name: filled(item) for name, item in value.items()}
        return [filled(item) for item in value] if isinstance(value, list) else str(value).format(run=run.id)

    request = write_request(home, "compare", filled(configuration))  # type: ignore[arg-type]
    with pytest.raises(BadRun, match=f"needed by {request.id}"):
        RunStore(home).delete(run.id)
    os.utime(request.folder(home) / "request.json", (0, 0))  # it was interrupted long ago
    discard(home, request.id)
    RunStore(home).delete(run.id)


def test_a_finished_step_of_a_run_at_work_is_kept(home: Workspace, real: RealRuns) -> None:
    step = real("train")
    path = write_request(home, "path", {"example": "simulated-small"})
    write_json(path.folder(home) / STEPS, {"train": step.id})
    with pytest.raises(BadRun, match=f"needed by {path.id}"):
        RunStore(home).delete(step.id)


def test_a_name_that_only_begins_alike_is_no_hindrance(home: Workspace, real: RealRuns) -> None:
    run = real("rank")
    write_request(home, "compare", {"sets": [f"{run.id}9", f"x{run.id}", "L1000"]})
    RunStore(home).delete(run.id)


def test_a_list_is_kept_while_an_unfinished_run_names_it(home: Workspace) -> None:
    mine = store_list(home, "mine", ["TP53"], "test")
    other = store_list(home, "mine too", ["TP53"], "test")
    request = write_request(home, "compare", {"sets": ["L1000", mine.text]})
    with pytest.raises(BadRun, match=f"The list mine is needed by {request.id}"):
        delete_list(home, "mine")
    delete_list(home, "mine too")
    assert not other.path.exists()
    with pytest.raises(BadData, match="There is no list"):
        delete_list(home, "mine too")


def test_of_many_who_delete_at_once_one_does_and_the_others_are_told(home: Workspace, real: RealRuns) -> None:
    for _ in range(15):
        run, data = real("train"), real.dataset()
        failed = stopped(home, "train", {"dataset": data.id}, "No.")
        for delete, name in (
            (RunStore(home).delete, run.id),
            (lambda name: discard(home, name), failed.id),
            (lambda name: DatasetStore(home).delete(name, MAKERS), data.id),
        ):
            said, barrier = [], threading.Barrier(4)

            def attempt(delete=delete, name=name, barrier=barrier, said=said) -> None:
                barrier.wait()
                try:
                    delete(name)
                    said.append("deleted it")
                except LandmarkError as error:
                    said.append(str(error))

            threads = [threading.Thread(target=attempt) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert len(said) == 4
            assert said.count("deleted it") == 1, said
            assert all(
                "already deleted" in text or "was deleted" in text for text in said if text != "deleted it"
            ), said
