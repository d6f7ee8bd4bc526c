"""What `doctor` finds: nothing where all is well, and one sentence for each thing that is not."""

import json
import socket
import time

import pytest
from filelock import FileLock

from landmark.cli import doctor
from landmark.store import machine
from landmark.store.log import report_defect
from landmark.store.request import write_request
from landmark.store.status import OUTCOME
from landmark.store.workspace import Workspace


@pytest.fixture
def found(landmark):
    """Run it and return its exit code, and its checks by name."""

    def run():
        answer = landmark("doctor", "--json")
        said = json.loads(answer.out)
        checks = {check["name"]: check for check in said["checks"]}
        assert (answer.code == 0) == said["ok"] == all(check["ok"] for check in checks.values())
        return answer.code, checks

    return run


@pytest.fixture(autouse=True)
def roomy(monkeypatch):
    """A machine with room, whatever the one is that runs the tests."""
    monkeypatch.setattr(machine, "memory", lambda: machine.Memory(16 * 10**9, 8 * 10**9))
    monkeypatch.setattr(machine, "disk_free", lambda folder: 50 * 10**9)


def test_a_sound_installation_is_said_to_be_sound(landmark, own_home):
    answer = landmark("doctor")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert all(line.endswith(": OK") for line in lines)
    for name in ("landmark", "Python", "jax", "memory", "JAX", "home", "runs", "locks", "log"):
        assert any(line.split()[0] == name for line in lines)
    assert str(own_home) in answer.out
    assert "cpu" in answer.out


def test_another_version_of_a_package_is_named(found, monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "REQUIREMENTS", tmp_path / "requirements.txt")
    (tmp_path / "requirements.txt").write_text("# pinned\njax==0.0.1\nunheard-of==1.0\n")
    code, checks = found()
    assert code == 2
    assert "Version 0.0.1 is needed" in checks["jax"]["mend"]
    assert checks["unheard-of"]["found"] == "not installed"


def test_little_memory_and_a_full_disk_are_wrong(found, monkeypatch):
    monkeypatch.setattr(machine, "memory", lambda: machine.Memory(8 * 10**9, 10**9))
    monkeypatch.setattr(machine, "disk_free", lambda folder: 10**8)
    code, checks = found()
    assert code == 2
    assert "close other programs" in checks["memory"]["mend"]
    assert "delete runs" in checks["home"]["mend"]


def test_a_jax_that_does_not_start_is_a_finding(found, monkeypatch):
    def fails():
        raise RuntimeError("no driver\nmore")

    monkeypatch.setattr("landmark.training.mesh.backend", fails)
    code, checks = found()
    assert code == 2
    assert checks["JAX"]["found"] == "does not start (RuntimeError: no driver)"


def test_failed_and_damaged_runs_are_named(found, own_home):
    home = Workspace(own_home)
    failed, damaged, cancelled = (write_request(home, "train", {}) for _ in range(3))
    (failed.folder(home) / OUTCOME).write_text('{"state": "failed", "message": "It cannot be."}')
    (cancelled.folder(home) / OUTCOME).write_text('{"state": "cancelled", "message": "Stopped."}')
    (damaged.folder(home) / "request.json").write_text("{")
    (home.runs / "rank-00000000").mkdir(parents=True)
    code, checks = found()
    assert code == 2
    assert failed.id in checks["unfinished"]["mend"]
    assert cancelled.id not in checks["unfinished"]["mend"]
    assert damaged.id in checks["damaged"]["mend"]
    assert "rank-00000000" in checks["runs"]["mend"]


def test_a_lock_that_no_run_needs_is_wrong(found, own_home):
    locks = Workspace(own_home).locks
    locks.mkdir(parents=True)
    name = f"{socket.gethostname()}.lock"
    with FileLock(locks / name):
        assert name in found()[1]["locks"]["mend"]
        write_request(Workspace(own_home), "train", {})  # starting
        assert found()[1]["locks"]["found"] == "1 held"
        assert not found()[1]["locks"]["mend"]
    assert found()[1]["locks"]["found"] == "0 held"


def test_the_end_of_the_log_is_shown_and_is_news_for_a_week(landmark, found, own_home, monkeypatch):
    report_defect(ValueError("unheard of"), "page ranking")
    assert "report it" in found()[1]["log"]["mend"]
    assert "  ValueError: unheard of" in landmark("doctor").out.splitlines()
    later = time.time() + 8 * 86_400
    monkeypatch.setattr("landmark.store.files.time.time", lambda: later)
    assert found()[1]["log"]["ok"]


def test_a_home_that_cannot_be_used_is_a_finding(found, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("LANDMARK_HOME", str(tmp_path / "file"))
    code, checks = found()
    assert code == 2
    assert "there is a file of that name" in checks["home"]["mend"]
