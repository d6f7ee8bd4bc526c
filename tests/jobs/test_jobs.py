"""Jobs in processes of their own, through the launcher that the dashboard uses."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from landmark.errors import BadConfiguration, BadRun
from landmark.jobs import control
from landmark.jobs.control import cancel, resume, submit
from landmark.store.activity import activities, activity, discard
from landmark.store.datasets import DatasetStore
from landmark.store.runs import RunStore

ROOT = Path(__file__).parents[2]


def test_a_job_that_goes_well_is_published(home, csv, until):
    run_id = submit(home, "import", {"path": str(csv), "title": "Small"})
    until(lambda: _done(home, run_id))
    run = RunStore(home).get(run_id, "import")
    assert run.manifest.metrics["samples"] == 60
    assert run.manifest.metrics["genes"] == 40
    assert DatasetStore(home).get(run.manifest.parents["dataset"]).manifest.title == "Small"
    assert not any(name.endswith(".json") for name in run.manifest.files)
    until(lambda: not list(home.unfinished.iterdir()))


def test_a_job_that_fails_says_why_and_can_be_deleted(home, tmp_path, until):
    empty = tmp_path / "empty.csv"
    empty.touch()
    run_id = submit(home, "import", {"path": str(empty)})
    until(lambda: not activity(home, run_id).active)
    found = activity(home, run_id)
    assert found.state == "failed"
    assert "empty" in found.message
    assert "Traceback" not in found.message
    until(lambda: "BadData" in activity(home, run_id).log())
    assert RunStore(home).all() == []
    discard(home, run_id)
    assert activities(home) == []


def test_a_refused_configuration_starts_nothing(home):
    with pytest.raises(BadConfiguration, match="give either a file or the name of an example"):
        submit(home, "import", {})
    with pytest.raises(BadConfiguration, match="'guess' is not something to run"):
        submit(home, "guess", {})
    assert activities(home) == []


def test_a_launcher_that_fails_says_so(home, csv, monkeypatch):
    monkeypatch.setenv("LANDMARK_EXECUTOR", "elsewhere")
    with pytest.raises(BadRun, match="The job could not be started"):
        submit(home, "import", {"path": str(csv)})
    assert [item.state for item in activities(home)] == ["failed"]
    monkeypatch.setenv("LANDMARK_EXECUTOR", "local")
    monkeypatch.setattr(control, "LAUNCH_SECONDS", 0.01)
    with pytest.raises(BadRun, match="nothing happened within"):
        resume(home, activities(home)[0].id)


@pytest.mark.slow
def test_a_job_outlives_the_server_and_goes_on_after_a_kill(home, training, until):
    """Ctrl-C on the server leaves the job alone; a job that is killed goes on from its checkpoint."""
    program = (
        "import json, signal, sys, time\n"
        "from landmark.jobs.control import submit\n"
        "from landmark.store.workspace import open_workspace\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it\n"
        "print(submit(open_workspace(), 'train', json.loads(sys.argv[1])), flush=True)\n"
        "time.sleep(60)\n"
    )
    epochs = 2000
    configuration = str(training(epochs)).replace("'", '"')
    with subprocess.Popen(
        [sys.executable, "-c", program, configuration],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as server:
        run_id = server.stdout.readline().strip()
        os.killpg(server.pid, signal.SIGINT)
    until(lambda: _epoch(home, run_id) >= 30)
    process = _worker(home, run_id)
    process.kill()
    until(lambda: activity(home, run_id).state == "interrupted")
    reached = max(line["done"] for line in activity(home, run_id).progress())
    before = len(activity(home, run_id).progress())

    resume(home, run_id)
    with pytest.raises(BadRun, match="at work already"):
        resume(home, run_id)
    until(lambda: _done(home, run_id) or _epoch(home, run_id) > reached)
    if not _done(home, run_id):
        new = [line for line in activity(home, run_id).progress()[before:] if line["stage"] == "Training"]
        first = min(line["done"] for line in new if line["done"])
        assert first > reached - 2 * 20 - 1  # from its newest checkpoint, or the one before that
    until(lambda: _done(home, run_id))
    assert list(RunStore(home).get(run_id).table("history")["epoch"]) == list(range(1, epochs + 1))


@pytest.mark.slow
def test_jobs_wait_in_line_and_a_cancel_lets_the_next_one_in(home, training, until):
    first = submit(home, "train", training(100_000))
    until(lambda: _epoch(home, first) > 0)
    second = submit(home, "train", training(2))
    third = submit(home, "train", training(1))
    for run_id in (second, third):
        until(
            lambda run_id=run_id: activity(home, run_id).state == "waiting" and activity(home, run_id).latest
        )
        assert "Waiting for other runs" in activity(home, run_id).latest["stage"]
    assert activity(home, first).state == "running"
    assert RunStore(home).all("train") == []

    cancel(home, first)
    until(lambda: activity(home, first).state == "cancelled")
    until(lambda: _done(home, second) and _done(home, third))
    runs = RunStore(home)
    assert runs.get(second).manifest.started < runs.get(third).manifest.started
    discard(home, first)
    assert activities(home) == []


def test_a_cancel_that_is_overdue_ends_the_process(home, csv, until):
    """Work that reports nothing, as a long compilation does, cannot hear the cancel."""
    run_id, process = _stubborn(home, csv, "time.sleep(60)")
    with process:
        until(lambda: activity(home, run_id).state == "running")
        cancel(home, run_id)
        assert process.wait(20) == 1
    assert activity(home, run_id).state == "cancelled"


def test_a_defect_is_told_in_a_sentence_and_kept_in_the_log(home, csv):
    run_id, process = _stubborn(home, csv, "1 / 0")
    with process:
        process.wait(30)
    found = activity(home, run_id)
    assert found.state == "failed"
    assert "did not expect (ZeroDivisionError)" in found.message
    assert found.log().count("Traceback") == 1
    kept = (home.root / "landmark.log").read_text()
    assert f"run {run_id}\n" in kept
    assert "ZeroDivisionError" in kept


def _stubborn(home, csv, action):
    """Work through the job's own entry on an import that does something else."""
    from landmark.store.request import write_request

    request = write_request(home, "import", {"path": str(csv)})
    program = (
        "import sys, time, types\n"
        "from landmark.store import status as run_status\n"
        "run_status.CANCEL_PATIENCE, run_status.BEAT_SECONDS = 0.3, 0.05\n"
        "stub = types.ModuleType('landmark.analyses.import_data.run')\n"
        f"stub.run = lambda configuration, context: {action}\n"
        "sys.modules['landmark.analyses.import_data.run'] = stub\n"
        "from landmark.jobs.launch import work\n"
        "work(sys.argv[1], sys.argv[2], None)\n"
    )
    return request.id, subprocess.Popen([sys.executable, "-c", program, str(home.root), request.id], cwd=ROOT)


def _worker(home, run_id) -> psutil.Process:
    from landmark.store.files import read_json

    return psutil.Process(read_json(home.unfinished / run_id / "heartbeat.json")["pid"])


def _done(home, run_id) -> bool:
    return any(run.id == run_id for run in RunStore(home).all())


def _epoch(home, run_id) -> float:
    latest = activity(home, run_id).latest
    return latest.get("done", 0) if latest.get("stage") == "Training" else 0
