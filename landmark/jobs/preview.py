"""Looks at data before an import or an inference.

Each goes on in a process of its own, a few at a time, and ends when nobody waits for it any more.
"""

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from landmark.errors import BadRun
from landmark.jobs.preview_worker import DONE, FAILED, PROGRESS, QUESTION, Question
from landmark.settings import settings
from landmark.store.files import age, read_json, write_json
from landmark.store.log import DEFECTS
from landmark.store.workspace import Workspace

LOG = "log.txt"
PROJECT = Path(__file__).parents[2]
AT_ONCE = threading.BoundedSemaphore(2)
"""More looks than these wait: each may hold a whole matrix in memory."""

LONG = threading.BoundedSemaphore(2)
"""Looks that take long make room for others, but for no more than these."""

LONG_SECONDS = 60.0
UNASKED_SECONDS = 180.0
"""Nobody has asked how a look stands for so long: its page is closed. Browsers let hidden pages ask once a minute."""

CHECKED_EVERY = 0.5
KEPT_SECONDS = 86_400
"""Answers of yesterday are removed."""

State = Literal["looking", "seen", "failed"]


@dataclass(frozen=True)
class Look:
    """One look as it stands now.

    Attributes
    ----------
    folder
        Where its answer lies.
    message
        Why nothing can be seen, for people.
    unclear_axis
        Whether a person may mend it by saying where the genes are.
    progress
        The last step of progress: stage, done, total, unit; empty before the first.
    """

    folder: Path
    state: State
    message: str
    progress: dict[str, Any]
    unclear_axis: bool = False

    @property
    def key(self) -> str:
        """Tells looks apart."""
        return self.folder.name


@dataclass(eq=False)
class _Attempt:
    """A look of this server that is not answered.

    Attributes
    ----------
    process
        None while it waits for its turn.
    asked
        When somebody last asked how it stands, by the clock that is never set.
    pages
        Those that wait for it: name of each, and what says whether it is still open.
    """

    process: subprocess.Popen[bytes] | None = None
    asked: float = field(default_factory=time.monotonic)
    pages: dict[str, Callable[[], bool]] = field(default_factory=dict)


_at_work: dict[str, _Attempt] = {}
_changing = threading.Lock()
"""Held by whoever begins, ends or removes a look: several sessions may ask the same at once."""


def look(
    workspace: Workspace, question: Question, page: str = "", is_open: Callable[[], bool] | None = None
) -> Look:
    """Give the answer to a question where there is one, or start looking for it; returns at once.

    Parameters
    ----------
    page
        Name of the page that asks.
    is_open
        Says whether that page is still open; a look that no open page waits for is ended.
    """
    _sweep(workspace)
    folder = workspace.root / "looks" / _key(question)
    with _changing:
        if not folder.is_dir():
            folder.mkdir(parents=True)
            write_json(folder / QUESTION, question.model_dump())
            _at_work[folder.name] = _Attempt()
            start(folder, workspace, _at_work[folder.name])
        attempt = _at_work.get(folder.name)
        if attempt is not None and is_open is not None:
            attempt.pages[page] = is_open
    return standing(folder)


def standing(folder: Path) -> Look:
    """Tell how a look stands."""
    attempt = _at_work.get(folder.name)  # asked first: a look that ends just now has left its answer
    if attempt is not None:
        attempt.asked = time.monotonic()
    if (folder / DONE).is_file():
        return Look(folder, "seen", "", {})
    if (failed := _read(folder / FAILED)) or attempt is None:
        message = failed.get("message", "The look was stopped. Try again.")
        return Look(folder, "failed", message, {}, bool(failed.get("axis")))
    return Look(folder, "looking", "", _read(folder / PROGRESS))


def forget(folder: Path, page: str = "") -> None:
    """End a look that a page waits for no more, and remove it; the same question then starts anew.

    A look at work goes on while another open page waits for it.
    """
    with _changing:
        attempt = _at_work.get(folder.name)
        if attempt is not None:
            attempt.pages.pop(page, None)
            if any(is_open() for is_open in attempt.pages.values()):
                return
        _remove(folder)


def _remove(folder: Path) -> None:
    """End a look and remove what it has left; whoever calls holds ``_changing``."""
    attempt = _at_work.pop(folder.name, None)
    left = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}")
    with suppress(FileNotFoundError):
        folder.rename(left)  # at once: the same question may be asked while the files go
    if attempt is not None and attempt.process is not None:
        attempt.process.kill()
        attempt.process.wait()
    shutil.rmtree(left, ignore_errors=True)


def start(folder: Path, workspace: Workspace, attempt: _Attempt) -> None:
    """Look in a process of its own, which a thread waits for."""
    threading.Thread(target=_run, args=(folder, workspace, attempt), daemon=True).start()


def _run(folder: Path, workspace: Workspace, attempt: _Attempt) -> None:
    place = _Place()
    try:
        while not place.taken(CHECKED_EVERY):
            if _given_up(folder, attempt):
                return
        with _changing:
            if _at_work.get(folder.name) is not attempt:  # forgotten while it waited
                return
            attempt.process = _begin(folder, workspace)
        why = _wait(attempt.process, folder, attempt, place)
    finally:
        place.free()
    with _changing:
        if _at_work.get(folder.name) is attempt:
            if why:
                write_json(folder / FAILED, {"message": why})
            del _at_work[folder.name]


class _Place:
    """A place among the looks that work at once: a short one at first, a long one later where there is one."""

    def __init__(self) -> None:
        self._held: threading.Semaphore | None = None

    def taken(self, within: float) -> bool:
        """Wait for a place, and say whether there is one now."""
        if AT_ONCE.acquire(timeout=within):
            self._held = AT_ONCE
        return self._held is not None

    def lengthen(self) -> None:
        """Make room for others."""
        if self._held is AT_ONCE and LONG.acquire(blocking=False):
            AT_ONCE.release()
            self._held = LONG

    def free(self) -> None:
        """Give the place up."""
        if self._held is not None:
            self._held.release()
            self._held = None


def _given_up(folder: Path, attempt: _Attempt) -> bool:
    """End a look whose pages are closed, and say whether it is ended; the same question then starts anew."""
    with _changing:
        if _at_work.get(folder.name) is not attempt:
            return True
        pages = attempt.pages.values()
        if (not pages or any(is_open() for is_open in pages)) and (
            time.monotonic() - attempt.asked < UNASKED_SECONDS
        ):
            return False
        _remove(folder)
        return True


def _begin(folder: Path, workspace: Workspace) -> subprocess.Popen[bytes]:
    with (folder / LOG).open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "landmark.jobs.preview_worker", str(folder), str(os.getpid())],
            cwd=PROJECT,
            env=os.environ | {"LANDMARK_HOME": str(workspace.root.absolute())},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _wait(process: subprocess.Popen[bytes], folder: Path, attempt: _Attempt, place: _Place) -> str:
    """Wait for a look to end, and say why it ended without an answer; nothing where it has one."""
    begun, minutes = time.monotonic(), settings().preview_minutes
    while (code := _ended(process)) is None:
        passed = time.monotonic() - begun
        if passed > 60 * minutes:
            process.kill()
            process.wait()
            return (
                f"Looking took longer than {minutes:g} minutes and was stopped. Use a smaller file, or let whoever "
                "runs the server raise LANDMARK_PREVIEW_MINUTES."
            )
        if _given_up(folder, attempt):
            return ""
        if passed > LONG_SECONDS:
            place.lengthen()
    if code < 0:  # ended by a signal, as the system does to whoever takes too much memory
        return "Looking was ended by the system, perhaps for lack of memory. Import fewer samples or genes."
    return (
        f"The program met something it did not expect; {DEFECTS}, beside the datasets, has the details."
        if code
        else ""
    )


def _ended(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(CHECKED_EVERY)
    except subprocess.TimeoutExpired:
        return None


def _key(question: Question) -> str:
    """Name a question; a file that has changed makes another one, and so does another server."""
    parts = [question.model_dump_json(), str(os.getpid())]
    new = question.inference.dataset if question.inference is not None else ""
    for path in filter(None, (question.path, question.annotations, new)):
        if Path(path).is_file():
            about = Path(path).stat()
            parts.append(f"{about.st_size} {about.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _read(path: Path) -> dict[str, Any]:
    try:
        return read_json(path)
    except BadRun:
        return {}


def _sweep(workspace: Workspace) -> None:
    for folder in (workspace.root / "looks").glob("*/"):
        if folder.name not in _at_work and age(folder) > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
