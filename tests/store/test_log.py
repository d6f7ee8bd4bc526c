"""The log of what was not expected: nothing is lost, whoever writes, and it does not grow for ever."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from landmark.store import log
from landmark.store.log import DEFECTS, report_defect
from landmark.store.request import write_request
from landmark.store.status import RunStatusWriter
from landmark.store.workspace import Workspace

ROOT = Path(__file__).parents[2]

WRITING = """
import sys
from landmark.store import log
log.MOST_BYTES = 20_000
for number in range(20):
    try:
        raise ValueError(f"{sys.argv[1]}-{number:02}-" + 200 * "x")
    except ValueError as error:
        kept, where = log.report_defect(error, "a test")
        assert kept, where
"""


def _raised(message: str) -> Exception:
    try:
        raise ValueError(message)
    except ValueError as error:
        return error


def test_a_defect_goes_to_the_log_and_to_the_console(own_home: Path, capsys: pytest.CaptureFixture) -> None:
    for message in ("first", "second"):
        answer = report_defect(_raised(message), "page ranking")
        assert answer == (True, f"the details are in {own_home / DEFECTS}")
    kept = (own_home / DEFECTS).read_text()
    assert kept.index("ValueError: first") < kept.index("ValueError: second")
    for said in (kept, capsys.readouterr().err):
        assert said.count("Traceback") == 2
        assert said.count("page ranking") == 2


def test_the_run_that_met_it_is_named(own_home: Path) -> None:
    home = Workspace(own_home)
    request = write_request(home, "train", {})
    with pytest.raises(ZeroDivisionError) as met, RunStatusWriter(request.folder(home)):
        raise ZeroDivisionError
    report_defect(met.value, "command: train")
    assert f"In run {request.id}." in (own_home / DEFECTS).read_text()


def test_several_processes_write_at_once_and_nothing_is_lost(own_home: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITING, name], cwd=ROOT, stderr=subprocess.DEVNULL)
        for name in ("a", "b", "c")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    files = sorted(own_home.glob(f"{DEFECTS}*"))
    assert len(files) > 1
    kept = "".join(path.read_text() for path in files)
    for name in ("a", "b", "c"):
        for number in range(20):
            assert kept.count(f"ValueError: {name}-{number:02}-") == 1


def test_old_logs_go(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [file] = [handler for handler in log._logger().handlers if isinstance(handler, log._SharedFile)]
    monkeypatch.setattr(file, "maxBytes", 2000)
    for number in range(30):
        report_defect(_raised(f"{number:02}" + 200 * "x"), "a test")
    files = sorted(path.name for path in own_home.glob(f"{DEFECTS}*"))
    assert files == [DEFECTS, *(f"{DEFECTS}.{number}" for number in (1, 2, 3))]
    assert "ValueError: 29" in (own_home / DEFECTS).read_text()


def test_what_is_logged_elsewhere_in_the_program_lands_there_too(own_home: Path) -> None:
    report_defect(_raised("first"), "a test")
    logging.getLogger("landmark.training").warning("the device is slow")
    assert "WARNING" in (own_home / DEFECTS).read_text().splitlines()[-1]
