"""How an unfinished run stands can be told from its files alone."""

import json
import os
import socket
import subprocess
import sys
import time

import pytest

from landmark.errors import BadData, BadRun, Cancelled
from landmark.progress import Progress
from landmark.store import activity as module
from landmark.store import status
from landmark.store import status as journals
from landmark.store.activity import activities, activity, discard, reopen
from landmark.store.request import write_request
from landmark.store.status import RunStatusWriter


@pytest.fixture
def request_(home):
    return write_request(home, "train", {"dataset": "abc"})


def test_the_states_of_a_run_that_goes_well(home, request_):
    folder = request_.folder(home)
    assert activity(home, request_.id).state == "starting"
    with RunStatusWriter(folder) as run_status:
        assert activity(home, request_.id).state == "waiting"
        run_status.running()
        run_status.report(Progress("Training", 3, 10, "epoch", {"train_loss": 0.5}))
        found = activity(home, request_.id)
        assert (found.state, found.active) == ("running", True)
        assert found.latest["values"] == {"train_loss": 0.5}
        assert (found.latest["stage"], found.latest["done"], found.latest["total"]) == ("Training", 3, 10)
        run_status.close()
        assert activity(home, request_.id).state == "running"  # until it is published


def test_the_heart_beats_while_the_work_is_silent(home, request_, monkeypatch):
    monkeypatch.setattr(journals, "BEAT_SECONDS", 0.02)
    beat = request_.folder(home) / "heartbeat.json"
    with RunStatusWriter(request_.folder(home)):
        first = json.loads(beat.read_text())["time"]
        time.sleep(0.3)
        assert json.loads(beat.read_text())["time"] > first


def test_progress_without_figures_is_thinned(home, request_):
    with RunStatusWriter(request_.folder(home)) as run_status:
        for step in range(1000):
            run_status.report(Progress("Reading", step, 1000))
        assert len(activity(home, request_.id).progress()) < 100
        run_status.report(Progress("Training", 0, 10))
        assert activity(home, request_.id).latest["stage"] == "Training"


def test_a_bare_sign_of_life_does_not_throw_the_bar_back(home, request_):
    with RunStatusWriter(request_.folder(home)) as run_status:
        run_status.report(Progress("Training", 7, 10))
        time.sleep(0.3)
        run_status.report(Progress("Training"))
        assert activity(home, request_.id).latest["done"] == 7


@pytest.mark.parametrize(
    ("error", "state", "message"),
    [
        (BadData("Gene TP53 is there twice."), "failed", "Gene TP53 is there twice."),
        (
            ZeroDivisionError("secret"),
            "failed",
            "did not expect (ZeroDivisionError). The log has the details, and so has landmark.log",
        ),
        (MemoryError(), "failed", "not enough memory"),
        (OSError(28, "No space left"), "failed", "The disk is full"),
        (KeyboardInterrupt(), "interrupted", "can be resumed"),
    ],
)
def test_what_ended_the_work_is_kept_in_words(home, request_, error, state, message):
    def work():
        with RunStatusWriter(request_.folder(home)) as run_status:
            run_status.running()
            raise error

    with pytest.raises(type(error)):
        work()
    found = activity(home, request_.id)
    assert (found.state, found.active) == (state, False)
    assert message in found.message
    assert "secret" not in found.message


def test_a_cancel_stops_the_work_at_its_next_report(home, request_):
    folder = request_.folder(home)

    def work():
        with RunStatusWriter(folder) as run_status:
            run_status.running()
            (folder / "cancel").touch()
            assert activity(home, request_.id).state == "stopping"
            run_status.report(Progress("Training"))

    with pytest.raises(Cancelled):
        work()
    assert activity(home, request_.id).state == "cancelled"


def test_a_cancel_before_the_start_is_not_lost(home, request_):
    folder = request_.folder(home)
    (folder / "cancel").touch()
    assert activity(home, request_.id).state == "stopping"
    with pytest.raises(Cancelled), RunStatusWriter(folder) as run_status:
        run_status.report(Progress("Training"))
    assert reopen(home, request_.id) == request_
    assert activity(home, request_.id).state == "starting"


def test_an_overdue_cancel_ends_the_process(home, request_, monkeypatch):
    monkeypatch.setattr(journals, "BEAT_SECONDS", 0.02)
    monkeypatch.setattr(journals, "CANCEL_PATIENCE", 0.1)
    called = []
    with RunStatusWriter(request_.folder(home), overdue=lambda: called.append(True)):
        time.sleep(0.2)
        assert not called
        (request_.folder(home) / "cancel").touch()
        time.sleep(0.4)
    assert called


def test_a_dead_process_counts_as_interrupted(home, request_):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    _beat(home, request_, pid=ended.pid)
    found = activity(home, request_.id)
    assert (found.state, found.active) == ("interrupted", False)
    (found.folder / "cancel").touch()
    assert activity(home, request_.id).state == "cancelled"


def test_a_number_given_to_another_process_since_counts_as_interrupted(home, request_):
    _beat(home, request_, pid=os.getppid(), time=1.0)
    assert activity(home, request_.id).state == "interrupted"


def test_a_silent_process_that_lives_counts_as_running(home, request_):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        time.sleep(0.1)
        _beat(home, request_, pid=process.pid)
        assert activity(home, request_.id).state == "running"
        process.stdin.close()


def test_another_machine_is_known_by_its_beat_only(home, request_):
    _beat(home, request_, host="elsewhere", pid=1)
    assert activity(home, request_.id).state == "running"
    _beat(home, request_, host="elsewhere", pid=1, time=time.time() - status.HEARTBEAT_PATIENCE - 1)
    assert activity(home, request_.id).state == "interrupted"


def test_a_job_that_never_starts_counts_as_interrupted(home, request_):
    path = request_.folder(home) / "request.json"
    os.utime(path, (0, time.time() - module.START_PATIENCE - 1))
    assert activity(home, request_.id).state == "interrupted"


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"state": "failed"}', "\x00"])
@pytest.mark.parametrize("name", ["heartbeat.json", "outcome.json", "progress.jsonl"])
def test_damaged_files_do_not_stop_the_listing(home, request_, name, content):
    (request_.folder(home) / name).write_text(content)
    assert [item.state for item in activities(home)] == ["starting"]


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"id": 3}'])
def test_a_damaged_request_hides_one_run_only_and_can_be_deleted(home, request_, content):
    other = write_request(home, "train", {})
    path = request_.folder(home) / "request.json"
    path.write_text(content)
    os.utime(path, (0, 0))
    assert [item.id for item in activities(home)] == [other.id]
    with pytest.raises(BadRun, match=r"request\.json is damaged"):
        activity(home, request_.id)
    discard(home, request_.id)
    assert not request_.folder(home).exists()


def test_half_a_line_of_a_killed_process_is_passed_over(home, request_):
    path = request_.folder(home) / "progress.jsonl"
    path.write_text('{"stage": "Training", "done": 1}\n{"stage": "Trai')
    assert activity(home, request_.id).latest["done"] == 1


def test_only_what_is_at_rest_can_be_deleted_or_reopened(home, request_):
    with RunStatusWriter(request_.folder(home)):
        with pytest.raises(BadRun, match="Cancel it first"):
            discard(home, request_.id)
        with pytest.raises(BadRun, match="at work already"):
            reopen(home, request_.id)
    for name in ("", ".", "..", "../home", "train-00000000"):
        with pytest.raises(BadRun, match="There is no unfinished run"):
            discard(home, name)
    assert request_.folder(home).is_dir()


def _beat(home, request, **changes):
    beat = {"state": "running", "pid": os.getpid(), "host": socket.gethostname(), "time": time.time()}
    (request.folder(home) / "heartbeat.json").write_text(json.dumps(beat | changes))
