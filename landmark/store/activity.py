"""What unfinished runs are doing, read from their files alone, and what may be done with them."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from landmark.errors import BadRun
from landmark.store.files import age, is_number, read_json, tail
from landmark.store.removal import remove
from landmark.store.request import REQUEST, Request, read_request, unfinished_folder
from landmark.store.runs import Unreadable, read_folders
from landmark.store.status import (
    CANCEL,
    HEARTBEAT,
    INTERRUPTED,
    LOG,
    OUTCOME,
    PROGRESS,
    STOPPED,
    alive,
    read_beat,
)
from landmark.store.workspace import Workspace

TAIL_BYTES = 65_536
"""Enough for the lines of a minute, which say how far and how fast."""

FILES = 32
"""Files whose lines are kept in memory; those not asked for longest go first."""

Line = dict[str, Any]
"""Of progress: time, stage, done, total, unit, values."""


def recent_lines(path: Path) -> list[Line]:
    """Read the last lines of a file, oldest first; nothing where there is none."""
    return _parsed(tail(path, TAIL_BYTES))


def all_lines(path: Path) -> list[Line]:
    """Return all lines of a file, oldest first; only what was written since the last call is read."""
    return _reader(path).read(path)


@dataclass
class _Reader:
    """What was read of one file so far."""

    inode: int = -1
    offset: int = 0
    lines: list[Line] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, path: Path) -> list[Line]:
        with self.lock:
            try:
                with path.open("rb") as file:
                    about = path.stat()
                    if about.st_ino != self.inode or about.st_size < self.offset:  # another file of that name
                        self.inode, self.offset, self.lines = about.st_ino, 0, []
                    file.seek(self.offset)
                    news = file.read()
            except OSError:
                return []
            whole = news[: news.rfind(b"\n") + 1]
            self.offset += len(whole)
            self.lines += _parsed(whole.decode("utf-8", errors="replace"))
            return [*self.lines, *_parsed(news[len(whole) :].decode("utf-8", errors="replace"))]


@lru_cache(maxsize=FILES)
def _reader(path: Path) -> _Reader:
    """Return the reader of a file, which all sessions share."""
    return _Reader()


def _parsed(text: str) -> list[Line]:
    """Return the sound lines: that of a killed process may be cut, that of a bad disk be anything."""
    lines = []
    for line in text.splitlines():
        try:
            found = json.loads(line)
        except (json.JSONDecodeError, RecursionError):
            continue
        if isinstance(found, dict) and (sound := _sound(found)):
            lines.append(sound)
    return lines


def _sound(line: Mapping[str, Any]) -> Line | None:
    """Complete a line of progress; None where a value is of another kind than it must be."""
    whole = {"time": 0.0, "stage": "", "done": 0, "total": 0, "unit": "", "values": {}} | dict(line)
    if not all(isinstance(whole[name], str) for name in ("stage", "unit")):
        return None
    if not all(is_number(whole[name]) for name in ("time", "done", "total")):
        return None
    if not isinstance(whole["values"], dict):
        return None
    return whole | {"values": {name: value for name, value in whole["values"].items() if is_number(value)}}


State = Literal["starting", "waiting", "running", "stopping", "failed", "cancelled", "interrupted"]

ACTIVE = frozenset({"starting", "waiting", "running", "stopping"})
"""States in which a run still has work ahead without anybody doing anything."""

ENDED = frozenset({"failed", "cancelled", "interrupted"})
"""States that an outcome may name."""

LOG_BYTES = 20_000
"""So much of the end of a log is shown."""

START_PATIENCE = 60.0
"""Seconds that a local job may take from request to first heartbeat."""


@dataclass(frozen=True)
class Activity:
    """One unfinished run as it stands now."""

    request: Request
    folder: Path
    state: State
    message: str
    """Why it failed or stopped, for people."""
    refused: bool
    """Whether its input was at fault: the same again can only fail again."""
    recent: list[Line]
    """The last lines of progress, oldest first: at least those of the last minute; empty before the first."""

    @property
    def id(self) -> str:
        """Name the run will have."""
        return self.request.id

    @property
    def active(self) -> bool:
        """Whether it still has work ahead without anybody doing anything."""
        return self.state in ACTIVE

    @property
    def latest(self) -> Line:
        """The last line of progress; empty before the first."""
        return self.recent[-1] if self.recent else {}

    def progress(self) -> list[Line]:
        """Return all lines of progress, oldest first."""
        return all_lines(self.folder / PROGRESS)

    def log(self) -> str:
        """Return the end of its log."""
        return tail(self.folder / LOG, LOG_BYTES)


def activities(workspace: Workspace) -> list[Activity]:
    """Return all unfinished runs, oldest request first."""
    found, _ = read_folders(_asked_for(workspace), lambda folder: activity(workspace, folder.name))
    return sorted(found, key=lambda item: item.request.submitted)


def damaged_requests(workspace: Workspace) -> list[Unreadable]:
    """Return the unfinished runs whose request cannot be read; they can be deleted only."""
    _, damaged = read_folders(_asked_for(workspace), lambda folder: read_request(workspace, folder.name))
    return damaged


def _asked_for(workspace: Workspace) -> list[Path]:
    return [folder for folder in workspace.unfinished.glob("[!.]*/") if (folder / REQUEST).exists()]


def activity(workspace: Workspace, run_id: str) -> Activity:
    """Return how one unfinished run stands; BadRun if there is no unfinished run of that name."""
    request = read_request(workspace, run_id)
    folder = request.folder(workspace)
    state, message = _state(folder)
    # What the network is asked for, it may give another time.
    fetched = any(request.configuration.get(source) for source in ("accession", "example"))
    refused = state == "failed" and not fetched and _refused(folder / OUTCOME)
    return Activity(request, folder, state, message, refused, recent_lines(folder / PROGRESS))


def reopen(workspace: Workspace, run_id: str) -> Request:
    """Clear away how an unfinished run ended, so that it can start again.

    BadRun if there is no such run, or it is at work.
    """
    found = activity(workspace, run_id)
    if found.active:
        raise BadRun(f"{run_id} is at work already.")
    (found.folder / REQUEST).touch()  # the time to start counts from now
    for leftover in (OUTCOME, CANCEL, HEARTBEAT):
        (found.folder / leftover).unlink(missing_ok=True)
    return found.request


def discard(workspace: Workspace, run_id: str) -> None:
    """Delete an unfinished run, also one whose files are damaged.

    BadRun if there is no such run, or it is still at work, or was deleted just before.
    """
    folder = unfinished_folder(workspace, run_id)
    if _state(folder)[0] in ACTIVE:
        raise BadRun(f"{run_id} is still at work. Cancel it first.")
    remove(folder, workspace)


def _state(folder: Path) -> tuple[State, str]:
    ending = _outcome(folder / OUTCOME)
    if ending:
        return ending
    cancelled = (folder / CANCEL).exists()
    beat = read_beat(folder / HEARTBEAT)
    if beat and alive(folder / HEARTBEAT, beat):
        return ("stopping" if cancelled else beat["state"]), ""
    if not beat and age(folder / REQUEST) < START_PATIENCE:  # asked for, or resumed, just now
        return ("stopping" if cancelled else "starting"), ""
    return ("cancelled", STOPPED) if cancelled else ("interrupted", INTERRUPTED)


def _refused(path: Path) -> bool:
    try:
        return read_json(path).get("refused") is True
    except BadRun:
        return False


def _outcome(path: Path) -> tuple[State, str] | None:
    """Return how a run ended; None where it has not, or the file is damaged."""
    try:
        content = read_json(path)
    except BadRun:
        return None
    state, message = content.get("state"), content.get("message")
    if not isinstance(state, str) or state not in ENDED or not isinstance(message, str):
        return None
    return state, message  # type: ignore[return-value]
