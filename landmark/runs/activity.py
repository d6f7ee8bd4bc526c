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
from landmark.runs.journal import CANCEL, HEARTBEAT, LOG, OUTCOME, PROGRESS
from landmark.runs.request import REQUEST, Request, read_request

State = Literal["starting", "waiting", "running", "stopping", "failed", "cancelled", "interrupted"]

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
        return self.state in ("starting", "waiting", "running", "stopping")

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


def discard(home: Home, run_id: str) -> None:
    """Delete an unfinished run.

    Raises
    ------
    BadRun
        If it is still at work.
    """
    found = activity(home, run_id)
    if found.active:
        raise BadRun(f"{run_id} is still at work. Cancel it first.")
    shutil.rmtree(found.folder)


def _state(folder: Path) -> tuple[State, str]:
    if (folder / OUTCOME).is_file():
        outcome = read_json(folder / OUTCOME)
        return outcome["state"], outcome["message"]
    cancelled = (folder / CANCEL).exists()
    if (folder / HEARTBEAT).is_file():
        beat = _heartbeat(folder)
        if beat and _alive(beat):
            return ("stopping" if cancelled else beat["state"]), ""
    elif not cancelled and time.time() - (folder / REQUEST).stat().st_mtime < START_PATIENCE:
        return "starting", ""
    if cancelled:
        return "cancelled", "Stopped on request. It can be resumed or deleted."
    return "interrupted", "The program or the machine stopped. It can be resumed or deleted."


def _heartbeat(folder: Path) -> dict[str, Any] | None:
    try:
        return read_json(folder / HEARTBEAT)
    except BadRun:  # removed between the look and the reading
        return None


def _alive(beat: dict[str, Any]) -> bool:
    if beat["host"] == socket.gethostname() and not psutil.pid_exists(beat["pid"]):
        return False
    return time.time() - beat["time"] < HEARTBEAT_PATIENCE or _same_process(beat)


def _same_process(beat: dict[str, Any]) -> bool:
    """Tell whether a silent process on this machine still is the one that wrote the heartbeat."""
    if beat["host"] != socket.gethostname() or beat["pid"] == os.getpid():
        return False
    try:
        return psutil.Process(beat["pid"]).create_time() <= beat["time"]
    except psutil.NoSuchProcess:
        return False


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
