"""What unfinished runs are doing, read from their files alone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from landmark.errors import BadRun
from landmark.runs.files import age, is_number, read_json
from landmark.runs.heartbeat import HEARTBEAT, alive, read_beat
from landmark.runs.home import Home
from landmark.runs.journal import CANCEL, INTERRUPTED, LOG, OUTCOME, PROGRESS, STOPPED
from landmark.runs.removal import remove
from landmark.runs.request import REQUEST, Request, read_request, unfinished_folder
from landmark.runs.unreadable import Unreadable

State = Literal["starting", "waiting", "running", "stopping", "failed", "cancelled", "interrupted"]

ACTIVE = frozenset({"starting", "waiting", "running", "stopping"})
"""States in which a run still has work ahead without anybody doing anything."""

ENDED = frozenset({"failed", "cancelled", "interrupted"})
"""States that an outcome may name."""

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


def damaged_requests(home: Home) -> list[Unreadable]:
    """Return the unfinished runs whose request cannot be read; they can be deleted only."""
    found = []
    for folder in sorted(home.unfinished.glob("[!.]*/")):
        if not (folder / REQUEST).exists():
            continue
        try:
            read_request(home, folder.name)
        except BadRun as error:
            found.append(Unreadable.of(folder, error))
    return found


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
        If there is no such run, or it is still at work, or was deleted just before.
    """
    folder = unfinished_folder(home, run_id)
    if _state(folder)[0] in ACTIVE:
        raise BadRun(f"{run_id} is still at work. Cancel it first.")
    remove(folder, home)


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


def _lines(path: Path) -> list[dict[str, Any]]:
    """Return the sound lines of progress: that of a killed process may be cut, that of a bad disk be anything."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # none yet, or removed while we look
        return []
    lines = []
    for line in text.splitlines():
        try:
            content = json.loads(line)
        except (json.JSONDecodeError, RecursionError):
            continue
        if isinstance(content, dict) and (sound := _sound(content)):
            lines.append(sound)
    return lines


def _sound(line: Mapping[str, Any]) -> dict[str, Any] | None:
    """Complete a line of progress; None where a value is of another kind than it must be."""
    whole = {"time": 0.0, "stage": "", "done": 0, "total": 0, "unit": "", "values": {}} | dict(line)
    if not all(isinstance(whole[name], str) for name in ("stage", "unit")):
        return None
    if not all(is_number(whole[name]) for name in ("time", "done", "total")):
        return None
    if not isinstance(whole["values"], dict):
        return None
    return whole | {"values": {name: value for name, value in whole["values"].items() if is_number(value)}}
