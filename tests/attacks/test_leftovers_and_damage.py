"""Files that killed processes leave, that hold anything, that are dated ahead, or that a newer version wrote."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from landmark.errors import BadRun
from landmark.store import status
from landmark.store.activity import activities, activity, discard
from landmark.store.datasets import DatasetStore
from landmark.store.request import write_request
from landmark.store.runs import RunStore
from landmark.store.status import RunStatusWriter
from landmark.store.sweep import STILL_SECONDS, sweep
from landmark.store.workspace import Workspace
from landmark.ui.page import PLACES
from tests.pages.stored import dataset, stopped
from tests.real_runs import RealRuns, altered

ROOT = Path(__file__).parents[2]


def _aged(path: Path, seconds: float = STILL_SECONDS + 10) -> None:
    then = time.time() - seconds
    for inside in [*path.rglob("*"), path] if path.is_dir() else [path]:
        os.utime(inside, (then, then))


PUBLISHING = """
import os
from landmark.store import runs as drafts
from landmark.store.runs import RunWriter as Draft
from landmark.store.workspace import open_workspace
from landmark.store.runs import Manifest
from landmark.store.request import now, write_request
request = write_request(open_workspace(), "train", {})
draft = Draft(open_workspace(), request)
(draft.folder / "checkpoints").mkdir()
(draft.folder / "checkpoints" / "weights").write_bytes(bytes(1000))
(draft.folder / "heartbeat.json").write_text("{}")
(draft.folder / ".heartbeat.json.1-2.part").write_text("{")
drafts.drop_scratch = lambda folder: os._exit(9)
draft.publish(Manifest(id=request.id, kind="train", parents={}, configuration={}, started=now(), seconds=1.0))
"""

ASKING = """
import os
from landmark.store import request
from landmark.store.workspace import open_workspace
request.write_json = lambda *a: os._exit(9)
request.write_request(open_workspace(), "train", {})
"""


def test_what_a_kill_leaves_in_a_published_run_is_swept(home: Workspace) -> None:
    assert subprocess.run([sys.executable, "-c", PUBLISHING], cwd=ROOT, check=False).returncode == 9
    [run] = RunStore(home).all()
    assert (run.folder / "checkpoints").exists()
    sweep(home)
    assert (run.folder / "checkpoints").exists(), "it may be being published at this moment"
    _aged(run.folder)
    sweep(home)
    assert sorted(path.name for path in run.folder.iterdir()) == ["manifest.json", "request.json"]
    assert [found.id for found in RunStore(home).all()] == [run.id]


def test_a_run_that_was_never_asked_for_is_swept(home: Workspace) -> None:
    assert subprocess.run([sys.executable, "-c", ASKING], cwd=ROOT, check=False).returncode == 9
    old = home.unfinished / "train-0a1b2c3d"  # as an earlier version left them
    old.mkdir()
    good = write_request(home, "train", {})
    assert activities(home)[0].id == good.id
    for folder in home.unfinished.iterdir():
        _aged(folder)
    sweep(home)
    assert [folder.name for folder in home.unfinished.iterdir()] == [good.id]


def test_half_written_files_are_swept_everywhere(home: Workspace, real: RealRuns) -> None:
    run, data = real("train"), real.dataset()
    failed = stopped(home, "train", {"dataset": data.id}, "No.")
    folders = [home.root, run.folder, failed.folder(home), data.folder]
    for folder in folders:
        (folder / ".x.json.12-34.part").write_text("{")
        (folder / ".y.json.12-34.part").write_text("{")
        _aged(folder / ".x.json.12-34.part")
    sweep(home)
    for folder in folders:
        assert [path.name for path in folder.glob(".*.part")] == [".y.json.12-34.part"]


def test_a_home_that_is_gone_or_forbidden_does_not_stop_the_sweep(home: Workspace) -> None:
    shutil.rmtree(home.root)
    sweep(home)
    assert not home.root.exists()


VALUES = [
    b"[]", b"3", b"null", b'"x"', b"\xff\xfe", b"{}", b"", b"[" * 100_000,
    b'{"state": 3, "pid": "x", "host": 1, "time": "now"}',
    b'{"state": "running", "pid": -1, "host": "HOST", "time": 1}',
    b'{"state": "running", "pid": 99999999999999999999, "host": "HOST", "time": 1e9}',
    b'{"state": "running", "pid": 1.5, "host": "HOST", "time": 1e9}',
    b'{"state": "dancing", "pid": 1, "host": "HOST", "time": 1e9}',
    b'{"state": "running", "pid": 1, "host": "HOST", "time": NaN}',
    b'{"state": ["failed"], "message": {}}',
    b'{"state": "failed", "message": 3}',
    b'{"state": "dancing", "message": "x"}',
    b'{"time": "x", "stage": [], "done": {}, "total": null, "unit": 3, "values": 7}',
    b'{"stage": "Training", "done": "3", "total": 10}',
    b'{"stage": "Training", "done": 3, "total": 1' + b"0" * 400 + b"}",
    b'{"stage": "Training", "done": 3, "total": 10, "values": {"loss": "low", "x": null}}',
    b'7\n[]\n"x"\nnull\n{"stage": "Training", "done": 1, "total": 2, "unit": "epoch", "values": {}, "time": 1}',
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
@pytest.mark.parametrize("name", ["heartbeat.json", "outcome.json", "progress.jsonl"])
def test_one_file_with_a_wrong_value_breaks_nothing(home: Workspace, name: str, value: bytes) -> None:
    good = write_request(home, "train", {})
    bad = write_request(home, "train", {})
    (bad.folder(home) / name).write_bytes(value.replace(b"HOST", socket.gethostname().encode()))
    assert {item.id for item in activities(home)} == {good.id, bad.id}
    for line in activity(home, bad.id).progress():
        assert isinstance(line["stage"], str)
        assert line["done"] + line["total"] >= 0
        assert all(abs(figure) >= 0 for figure in line["values"].values())
    os.utime(bad.folder(home) / "request.json", (0, 0))
    assert not activity(home, bad.id).active
    discard(home, bad.id)


@pytest.mark.parametrize("name", ["heartbeat.json", "outcome.json", "progress.jsonl"])
def test_the_page_of_all_runs_is_drawn_beside_wrong_values(home: Workspace, name: str) -> None:
    dataset(home)
    for value in VALUES[:8] + VALUES[-6:]:
        bad = write_request(home, "train", {"dataset": "abc"})
        (bad.folder(home) / name).write_bytes(value)
    app = AppTest.from_file(str(ROOT / PLACES["runs"]), default_timeout=90).run()
    assert not app.exception
    assert not [box.value for box in app.error if "did not expect" in box.value]


@pytest.fixture
def ahead(home: Workspace) -> Path:
    """Leave a run behind whose files are dated a year ahead, as after a clock that was set back."""
    request = write_request(home, "train", {})
    then = time.time() + 366 * 86_400
    os.utime(request.folder(home) / "request.json", (then, then))
    return request.folder(home)


def test_a_request_dated_ahead_is_starting_for_a_minute_only(home: Workspace, ahead: Path) -> None:
    assert activity(home, ahead.name).state == "starting"  # seen now for the first time
    assert (ahead / "request.json").stat().st_mtime < time.time() + 5
    _aged(ahead / "request.json", 61)
    assert activity(home, ahead.name).state == "interrupted"
    discard(home, ahead.name)


def test_a_beat_dated_ahead_keeps_no_dead_run_alive(home: Workspace, ahead: Path) -> None:
    with RunStatusWriter(ahead) as run_status:
        run_status.running()
        living = json.loads((ahead / "heartbeat.json").read_text())
    living["time"] = time.time() + 366 * 86_400
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (ahead / "heartbeat.json").write_text(json.dumps(living | {"pid": ended.pid}))
    assert activity(home, ahead.name).state == "interrupted"
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        # Its number may have been given to another process since, which began later.
        (ahead / "heartbeat.json").write_text(json.dumps(living | {"pid": process.pid}))
        assert activity(home, ahead.name).state == "interrupted"
        # A process that lives stays alive, whatever the clock says.
        mine = status._identity(process.pid)
        for moment in (1.0, living["time"]):
            beat = living | {"pid": process.pid, "process": mine, "time": moment}
            (ahead / "heartbeat.json").write_text(json.dumps(beat))
            assert activity(home, ahead.name).state == "running"
        process.stdin.close()  # type: ignore[union-attr]


def test_a_beat_of_another_machine_dated_ahead_counts_from_now(home: Workspace, ahead: Path) -> None:
    far = time.time() + 366 * 86_400
    path = ahead / "heartbeat.json"
    path.write_text(json.dumps({"state": "running", "pid": 1, "host": "elsewhere", "time": far}))
    os.utime(path, (far, far))
    assert activity(home, ahead.name).state == "running"
    _aged(path, status.HEARTBEAT_PATIENCE + 1)
    assert activity(home, ahead.name).state == "interrupted"


def _rewrite(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_runs_and_datasets_of_a_newer_version_are_shown_as_such(home: Workspace, real: RealRuns) -> None:
    older, data = real("train"), real.dataset()
    newer = altered(older, parents={"dataset": data.id, "new": older.id})
    _rewrite(newer.folder, schema_version=99, another_field=[1])
    damaged = altered(older)
    _rewrite(damaged.folder, another_field=[1])
    store = RunStore(home)
    assert [run.id for run in store.all()] == [older.id]
    assert {item.id: item.newer for item in store.unreadable()} == {newer.id: True, damaged.id: False}
    with pytest.raises(BadRun, match=r"newer version of Landmark .*update Landmark"):
        store.get(newer.id)
    with pytest.raises(BadRun, match=f"is the basis of {newer.id}"):
        store.delete(older.id)
    (home.unfinished / "rank-0a1b2c3d").mkdir(parents=True)
    (home.unfinished / "rank-0a1b2c3d" / "request.json").write_text("[]")
    app = AppTest.from_file(str(ROOT / PLACES["runs"]), default_timeout=90).run()
    assert not app.exception
    listed = "\n".join(element.value for element in app.markdown)
    for name, state in ((newer.id, "newer version"), (damaged.id, "damaged"), ("rank-0a1b2c3d", "damaged")):
        assert f":gray[**{name}** ({state})" in listed
    app.button(key=f"delete-unreadable-{damaged.id}").click().run()
    assert not damaged.folder.exists()
    _rewrite(data.folder, schema_version=2)
    assert DatasetStore(home).all() == []
    assert [item.newer for item in DatasetStore(home).unreadable()] == [True]
    listing = subprocess.run(
        [sys.executable, "-m", "landmark", "runs", "list"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "newer version" in listing
