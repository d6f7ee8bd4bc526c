"""What unfinished runs are doing, read from their files alone."""

import json
import os
import shutil
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psutil

from landmark.errors import BadRun
from landmark.runs.files import read_json
from landmark.runs.home import Home
from landmark.runs.journal import CANCEL, HEARTBEAT, INTERRUPTED, LOG, OUTCOME, PROGRESS, STOPPED
from landmark.runs.request import REQUEST, Request, read_request, unfinished_folder

State = Literal["starting", "waiting", "running", "stopping", "failed", "cancelled", "interrupted"]

ACTIVE = frozenset({"starting", "waiting", "running", "stopping"})
"""States in which a run still has work ahead without anybody doing anything."""

HEARTBEAT_PATIENCE = 20.0
"""Seconds without a heartbeat after which a run on another machine counts as interrupted."""

START_PATIENCE = 60.0
"""Seconds that a local job may take from request to first heartbeat."""


@dataclass(frozen=True)
class Activity:
    """One unfinished run as it stands now.

    Attributes
    ----------
    latest
        The last line of progress: time, stage, done, total, unit, values; empty before the first.
    message
        Why it failed or stopped, for people.
    """

    request: Request
    folder: Path
    state: State
    message: str
    latest: dict[str, Any]

    @property
    def id(self) -> str:
        """Name the run will have."""
        return self.request.id

    @property
    def active(self) -> bool:
        """Whether it still has work ahead without anybody doing anything."""
        return self.state in ACTIVE

    def progress(self) -> list[dict[str, Any]]:
        """Return all lines of progress, oldest first."""
        return _lines(self.folder / PROGRESS)

    def log(self) -> str:
        """Return the end of its log."""
        path = self.folder / LOG
        return path.read_text(encoding="utf-8", errors="replace")[-20_000:] if path.is_file() else ""


def activities(home: Home) -> list[Activity]:
    """Return all unfinished runs, oldest request first."""
    found = []
    for folder in home.unfinished.glob("*/"):
        if folder.name.startswith(".") or not (folder / REQUEST).is_file():
            continue
        try:
            found.append(activity(home, folder.name))
        except BadRun:  # published or deleted while we looked
            continue
    return sorted(found, key=lambda item: item.request.submitted)


def activity(home: Home, run_id: str) -> Activity:
    """Return how one unfinished run stands.

    Raises
    ------
    BadRun
        If there is no unfinished run of that name.
    """
    request = read_request(home, run_id)
    folder = request.folder(home)
    state, message = _state(folder)
    lines = _lines(folder / PROGRESS)
    return Activity(request, folder, state, message, lines[-1] if lines else {})


def reopen(home: Home, run_id: str) -> Request:
    """Clear away how an unfinished run ended, so that it can start again.

    Raises
    ------
    BadRun
        If there is no such run, or it is at work.
    """
    found = activity(home, run_id)
    if found.active:
        raise BadRun(f"{run_id} is at work already.")
    (found.folder / REQUEST).touch()  # the time to start counts from now
    for leftover in (OUTCOME, CANCEL, HEARTBEAT):
        (found.folder / leftover).unlink(missing_ok=True)
    return found.request


def discard(home: Home, run_id: str) -> None:
    """Delete an unfinished run, also one whose files are damaged.

    Raises
    ------
    BadRun
        If there is no such run, or it is still at work.
    """
    folder = unfinished_folder(home, run_id)
    if _state(folder)[0] in ACTIVE:
        raise BadRun(f"{run_id} is still at work. Cancel it first.")
    shutil.rmtree(folder)


def _state(folder: Path) -> tuple[State, str]:
    outcome = _read(folder / OUTCOME, "state", "message")
    if outcome:
        return outcome["state"], outcome["message"]
    cancelled = (folder / CANCEL).exists()
    beat = _read(folder / HEARTBEAT, "state", "pid", "host", "time")
    if beat and _alive(beat):
        return ("stopping" if cancelled else beat["state"]), ""
    if not beat and time.time() - _asked(folder) < START_PATIENCE:
        return ("stopping" if cancelled else "starting"), ""
    return ("cancelled", STOPPED) if cancelled else ("interrupted", INTERRUPTED)


def _asked(folder: Path) -> float:
    """Return when the run was asked for, or resumed; 0 where nobody can tell."""
    try:
        return (folder / REQUEST).stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _read(path: Path, *fields: str) -> dict[str, Any] | None:
    """Return a small file's content; None where it is absent, damaged or removed while we look."""
    try:
        content = read_json(path)
    except BadRun:
        return None
    return content if all(field in content for field in fields) else None


def _alive(beat: dict[str, Any]) -> bool:
    """Tell whether the process that wrote the heartbeat lives; on another machine only its beat can tell."""
    if beat["host"] != socket.gethostname():
        return time.time() - beat["time"] < HEARTBEAT_PATIENCE
    try:
        process = psutil.Process(beat["pid"])
        # A process that started after the beat only inherited the number.
        alive = process.status() != psutil.STATUS_ZOMBIE and process.create_time() <= beat["time"] + 1
    except psutil.NoSuchProcess:
        return False
    # This very process knows its own silence: its journal was closed by force.
    return alive and (beat["pid"] != os.getpid() or time.time() - beat["time"] < HEARTBEAT_PATIENCE)


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    lines = []
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            lines.append(json.loads(text))
        except json.JSONDecodeError:  # the last line of a killed process
            continue
    return lines
