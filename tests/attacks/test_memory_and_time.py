"""Looks have bounds of memory and time and end with their page and their server; jobs have one of resident memory."""

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.lib import format as npy

from landmark.jobs import preview
from landmark.jobs.preview import Look, forget, look, standing
from landmark.jobs.preview_worker import Question
from landmark.store.activity import activity
from landmark.store.machine import job_limit, memory, preview_limit
from landmark.store.request import write_request
from landmark.store.workspace import Workspace
from tests.data.make import frame, write

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0


@pytest.fixture(autouse=True)
def ended(home: Workspace) -> Iterator[None]:
    yield
    for folder in (home.root / "looks").glob("*/"):
        forget(folder, "page")


def _until(true: Callable[[], object], patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def _answer(begun: Look) -> Look:
    _until(lambda: standing(begun.folder).state != "looking")
    return standing(begun.folder)


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every look but that at a small file be one that never ends."""
    begin = preview._begin

    def begins(folder: Path, home: Workspace) -> subprocess.Popen[bytes]:
        if "small" in (folder / "question.json").read_text():
            return begin(folder, home)
        return subprocess.Popen([sys.executable, "-c", "import time\nwhile True: time.sleep(0.05)"])

    monkeypatch.setattr(preview, "_begin", begins)


def _process(begun: Look) -> subprocess.Popen[bytes]:
    attempt = preview._at_work[begun.key]
    _until(lambda: attempt.process is not None)
    assert attempt.process is not None
    return attempt.process


def _zeros(path: Path, samples: int, genes: int) -> Path:
    """Write a small archive that holds a matrix of 1.6 GB, all zeros, without holding it."""
    head = io.BytesIO()
    npy.write_array_header_1_0(head, {"descr": "<f8", "fortran_order": False, "shape": (samples, genes)})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("X.npy", "w", force_zip64=True) as member:
            member.write(head.getvalue())
            for _ in range(samples):
                member.write(bytes(8 * genes))
        for name, count in (("samples", samples), ("genes", genes)):
            named = io.BytesIO()
            np.save(named, np.array([f"{name[0].upper()}{number}" for number in range(count)]))
            archive.writestr(f"{name}.npy", named.getvalue())
    return path


def test_a_file_that_takes_too_much_memory_is_refused(
    home: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANDMARK_MAX_PREVIEW_MB", "1500")
    monkeypatch.setenv("LANDMARK_MAX_GROWTH", "10000")  # another bound, which would refuse it before
    path = _zeros(tmp_path / "zeros.npz", 14_000, 14_000)
    assert path.stat().st_size < 3_000_000
    begun = look(home, Question(path=str(path)))
    process = _process(begun)
    most = 0
    while process.poll() is None:
        try:
            most = max(most, psutil.Process(process.pid).memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.05)
    now = _answer(begun)
    assert now.state == "failed"
    assert "memory" in now.message
    assert most < 1.6e9


def test_the_bounds_are_those_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert job_limit() == int(0.9 * memory().total)
    monkeypatch.setenv("LANDMARK_MAX_JOB_MB", "1234")
    monkeypatch.setenv("LANDMARK_MAX_PREVIEW_MB", "600")
    assert (job_limit(), preview_limit()) == (1_234_000_000, 600_000_000)
    monkeypatch.setenv("LANDMARK_MAX_PREVIEW_MB", "100000000")
    assert preview_limit() == memory().total // 2


def test_a_look_whose_page_is_closed_ends(home: Workspace, endless: None) -> None:
    there = True
    begun = look(home, Question(path="endless.csv"), "page", lambda: there)
    process = _process(begun)
    time.sleep(1.5)
    assert process.poll() is None
    there = False
    _until(lambda: process.poll() is not None, 20)
    assert not begun.folder.exists()


def test_a_look_that_nobody_asks_for_ends(
    home: Workspace, endless: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "UNASKED_SECONDS", 1.0)
    begun = look(home, Question(path="endless.csv"), "page", lambda: True)
    process = _process(begun)
    _until(lambda: process.poll() is not None, 20)
    assert not begun.folder.exists()


def test_a_look_that_waits_for_a_place_ends_with_its_page(home: Workspace, endless: None) -> None:
    first, second = (look(home, Question(path=f"endless-{n}.csv"), "page", lambda: True) for n in range(2))
    _process(first), _process(second)
    waiting = look(home, Question(path="endless-2.csv"), "page", lambda: False)
    _until(lambda: not waiting.folder.exists(), 20)
    assert waiting.key not in preview._at_work


def test_long_looks_make_room_for_others(
    home: Workspace, endless: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "LONG_SECONDS", 1.0)
    for number in range(2):
        _process(look(home, Question(path=f"endless-{number}.csv"), "page", lambda: True))
    small = write(tmp_path / "small.csv", frame().to_csv())
    assert _answer(look(home, Question(path=str(small)), "page", lambda: True)).state == "seen"


def test_a_look_has_a_time(home: Workspace, endless: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDMARK_PREVIEW_MINUTES", "0.02")
    begun = look(home, Question(path="endless.csv"))
    process = _process(begun)
    now = _answer(begun)
    assert "longer than 0.02 minutes" in now.message
    assert process.poll() is not None


WAITING = """
import sys, time
sys.path.insert(0, {root!r})
from landmark.jobs.preview_worker import end_with
end_with(int(sys.argv[1]), within=float(sys.argv[2]))
print("ready", flush=True)
time.sleep(600)
"""

SERVER = """
import os, subprocess, sys
words = [sys.executable, "-c", sys.argv[1], str(os.getpid()), "600"]
child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
child.stdout.readline()
print(child.pid, flush=True)
input()
"""


def test_a_look_ends_with_its_server_however_that_ended(home: Workspace) -> None:
    program = WAITING.format(root=str(ROOT))
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    pid = int(server.stdout.readline())
    assert psutil.pid_exists(pid)
    server.kill()
    server.wait()
    server.stdout.close()
    server.stdin.close()  # type: ignore[union-attr]
    _until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE, 20)


def test_a_look_has_a_time_of_its_own() -> None:
    program = WAITING.format(root=str(ROOT))
    alone = subprocess.Popen(
        [sys.executable, "-c", program, str(os.getpid()), "0.5"], stdout=subprocess.DEVNULL
    )
    assert alone.wait(30) == 1


JOB = """
import os, sys, time
sys.path.insert(0, {root!r})
import numpy as np
from landmark.store.workspace import open_workspace
from landmark.store.status import RunStatusWriter
here = open_workspace()
with RunStatusWriter(here.unfinished / sys.argv[1], overdue=lambda: os._exit(1)) as run_status:
    run_status.running()
    if sys.argv[2] == "held":
        held = np.ones(90_000_000)  # 720 MB
    else:
        import mmap
        # As an accelerator asks for: reserved, and never held.
        held = mmap.mmap(-1, 200_000_000_000, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000)
    time.sleep(4)
    print("done", flush=True)
"""


@pytest.mark.parametrize("what", ["held", "address space"])
def test_a_job_is_stopped_for_memory_that_it_holds_and_not_for_address_space(
    home: Workspace, what: str
) -> None:
    request = write_request(home, "train", {})
    done = subprocess.run(
        [sys.executable, "-c", JOB.format(root=str(ROOT)), request.id, what],
        env=os.environ | {"LANDMARK_MAX_JOB_MB": "500"},
        capture_output=True,
        text=True,
        check=False,
    )
    if what == "held":
        assert (done.returncode, done.stdout) == (1, "")
        found = activity(home, request.id)
        assert (found.state, found.active) == ("failed", False)
        assert "held more than 0.5 GB of memory" in found.message
        assert json.loads((found.folder / "outcome.json").read_text())["state"] == "failed"
    else:
        assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
