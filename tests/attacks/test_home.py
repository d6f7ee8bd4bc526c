"""A home that cannot be used is told of in a sentence; one that can is nobody else's to read."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from landmark.data.steps.stream import check_room
from landmark.errors import BadConfiguration, BadData, known_cause
from landmark.settings import settings
from landmark.store import workspace as module
from landmark.store.log import report_defect
from landmark.store.request import write_request
from landmark.store.status import RunStatusWriter
from landmark.store.workspace import Workspace, open_workspace

ROOT = Path(__file__).parents[2]


def _served(home: Path) -> tuple[int, str]:
    """Serve from a home in a process of its own, which a server that did start would take over."""
    done = subprocess.run(
        [sys.executable, "-m", "landmark", "serve", "--port", "1"],
        cwd=ROOT,
        env=os.environ | {"LANDMARK_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stderr


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_home_is_made_private(own_home: Path) -> None:
    before = os.umask(0o022)
    try:
        assert open_workspace().root == own_home
    finally:
        os.umask(before)
    assert _mode(own_home) == 0o700


def test_a_home_that_is_there_is_made_private(own_home: Path) -> None:
    for name in ("runs", "datasets", "unfinished"):
        (own_home / name).mkdir(parents=True)
    own_home.chmod(0o755)
    open_workspace()
    assert _mode(own_home) == 0o700


def test_a_folder_with_things_of_others_stays_open_but_ours_do_not(own_home: Path) -> None:
    (own_home / "runs").mkdir(parents=True)
    (own_home / "photographs").mkdir()
    for path in (own_home, own_home / "runs", own_home / "photographs"):
        path.chmod(0o755)
    open_workspace()
    assert [_mode(own_home / name) for name in ("", "runs", "photographs")] == [0o755, 0o700, 0o755]


@pytest.mark.parametrize("value", ["", " ", "\t"])
@pytest.mark.parametrize("setting", ["LANDMARK_HOME", "LANDMARK_FOLDER"])
def test_an_empty_folder_is_a_sentence(
    setting: str, value: str, landmark: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(setting, value)
    with pytest.raises(BadConfiguration, match=f"{setting}=.*a folder must be named"):
        settings()
    answer = landmark("runs", "list")
    assert (answer.code, answer.err.count("\n")) == (2, 1)


@pytest.mark.parametrize("kind", ["file", "below a file", "nowhere"])
def test_a_home_that_is_no_folder_is_a_sentence(
    kind: str, tmp_path: Path, landmark: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    place = {"file": file, "below a file": file / "home", "nowhere": Path("/proc/none/home")}[kind]
    monkeypatch.setenv("LANDMARK_HOME", str(place))
    here = [landmark(*words) for words in (["runs", "list"], ["import", "--example", "simulated-small"])]
    for code, said in (_served(place), *((answer.code, answer.err) for answer in here)):
        assert code == 2
        assert f"LANDMARK_HOME={place} cannot be the folder" in said
        assert said.count("\n") == 1


def test_a_read_only_home_is_a_sentence(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_home.mkdir()
    monkeypatch.setattr(module.os, "access", lambda *_: False)  # root may write everywhere
    with pytest.raises(BadConfiguration, match="cannot be written to"):
        open_workspace()


@pytest.mark.parametrize(
    "page", ["pages/start/overview.py", "pages/runs/history.py", "pages/data/import_data.py", "app.py"]
)
def test_a_page_tells_of_a_home_that_cannot_be_used(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    monkeypatch.setenv("LANDMARK_HOME", str(file))
    app = AppTest.from_file(str(ROOT / page), default_timeout=90).run()
    assert not app.exception
    assert "cannot be the folder of datasets and runs" in app.error[0].value


def _defect() -> None:
    from landmark.ui.page import guarded

    with guarded():
        raise ZeroDivisionError("secret")


def test_a_defect_whose_details_cannot_be_kept_is_a_sentence_all_the_same(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_home / "landmark.log").mkdir(parents=True)  # in its place is something that is no file
    app = AppTest.from_function(_defect).run()
    assert not app.exception
    assert "ZeroDivisionError" in app.error[0].value
    assert "could not be kept" in app.error[0].value
    monkeypatch.setenv("LANDMARK_HOME", str(tmp_path / "file"))
    (tmp_path / "file").write_text("")
    assert not report_defect(ValueError("trace"), "here")[0]
    app = AppTest.from_function(_defect).run()
    assert not app.exception
    assert "could not be kept" in app.error[0].value


def _packed(inner: Exception, outer: Exception) -> Exception:
    outer.__cause__ = inner
    return outer


FULL = OSError(errno.ENOSPC, "No space left on device", "/x")


@pytest.mark.parametrize(
    "error",
    [
        FULL,
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        _packed(FULL, ValueError("checkpoint failed")),
        _packed(_packed(FULL, RuntimeError("inner")), ValueError("outer")),
        ValueError(
            "RESOURCE_EXHAUSTED: Error writing '/x/ocdbt/d/1': [OS error 28: ENOSPC No space left on device]"
        ),
        OSError(
            "Can't write data (file write failed: errno = 28, error message = 'No space left on device')"
        ),
    ],
)
def test_a_full_disk_is_told_however_it_is_packed(home: Workspace, error: BaseException) -> None:
    assert known_cause(error).startswith("The disk is full")
    request = write_request(home, "train", {})
    with pytest.raises(type(error)), RunStatusWriter(request.folder(home)):
        raise error
    assert "The disk is full" in (request.folder(home) / "outcome.json").read_text()


def _full() -> None:
    import errno

    from landmark.ui.page import guarded

    with guarded():
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as error:
            raise ValueError("checkpoint") from error


def test_a_page_tells_of_a_full_disk(own_home: Path) -> None:
    app = AppTest.from_function(_full).run()
    assert [box.value for box in app.error] == ["The disk is full. Free some space, then resume."]
    assert not (own_home / "landmark.log").exists()


def test_other_errors_are_none_of_the_machine() -> None:
    assert known_cause(ValueError("28 genes")) == ""
    assert known_cause(OSError(errno.EIO, "Input/output error")) == ""


def test_room_is_told_in_sensible_units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from landmark.data.steps import stream

    usage = stream.shutil.disk_usage(tmp_path)._replace(free=40_000_000)
    monkeypatch.setattr(stream.shutil, "disk_usage", lambda folder: usage)
    with pytest.raises(
        BadData, match=r"needs 800 kB on the disk, 200 MB more are kept free there, and only 40 MB are"
    ):
        check_room(800_000, tmp_path)
    with pytest.raises(BadData, match=r"needs 2\.5 GB on"):
        check_room(2_500_000_000, tmp_path)


def test_a_file_name_that_no_disk_takes_is_a_sentence(tmp_path: Path, landmark: Callable[..., Any]) -> None:
    for name in (str(tmp_path / ("x" * 300 + ".csv")), ".."):
        answer = landmark("import", name)
        assert (answer.code, answer.err.count("\n")) == (2, 1)
