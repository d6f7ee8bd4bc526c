"""The state of an unfinished run in its files: who works on it, alive or not, how far, and what ended it."""

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from landmark.errors import BadConfiguration, BadData, BadRun, Cancelled, LandmarkError, known_cause
from landmark.progress import Progress, Report, silent
from landmark.store.files import age, is_number, read_json, write_json
from landmark.store.log import DEFECTS
from landmark.store.machine import held, job_limit

HEARTBEAT = "heartbeat.json"

HEARTBEAT_PATIENCE = 20.0
"""Seconds without a beat after which a process on another machine counts as dead."""

STATES = ("waiting", "running")

BOOT = Path("/proc/sys/kernel/random/boot_id")
STARTED = 19
"""Place of the start, in ticks since the machine came up, among the fields of /proc/PID/stat after the name."""


def beat(state: str) -> dict[str, Any]:
    """Return the sign of life of this process."""
    return {
        "state": state,
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "time": time.time(),
        "process": _identity(os.getpid()),
        "uptime": time.monotonic(),
    }


def read_beat(path: Path) -> dict[str, Any] | None:
    """Return a beat; None where there is none, or the file holds something else."""
    try:
        found = read_json(path)
    except BadRun:
        return None
    return found if _sound(found) else None


def alive(path: Path, found: Mapping[str, Any]) -> bool:
    """Say whether the process that wrote a beat, found in a file, lives."""
    if found["host"] != socket.gethostname():
        return _silent(path, found["time"]) < HEARTBEAT_PATIENCE
    try:
        process = psutil.Process(found["pid"])
        if process.status() == psutil.STATUS_ZOMBIE or not _same(process, found):
            return False
    except psutil.NoSuchProcess:
        return False
    # This very process knows its own silence: its writer was closed by force.
    return found["pid"] != os.getpid() or _own_silence(path, found) < HEARTBEAT_PATIENCE


def _sound(found: Mapping[str, Any]) -> bool:
    pid = found.get("pid")
    return (
        found.get("state") in STATES
        and isinstance(found.get("host"), str)
        and type(pid) is int
        and 0 < pid < 2**31
        and is_number(found.get("time"))
    )


def _same(process: psutil.Process, found: Mapping[str, Any]) -> bool:
    """Say whether a process is the one that wrote the beat, and did not only inherit its number."""
    if isinstance(found.get("process"), str):
        return found["process"] == _identity(process.pid)
    return process.create_time() <= found["time"] + 1  # a beat of an earlier version


def _identity(pid: int) -> str:
    """Name a process as no other is named, also after the machine came up again."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return f"{_boot()} {fields[STARTED]}"
    except (OSError, IndexError):  # no Linux
        try:
            return f"{psutil.Process(pid).create_time():.2f}"
        except psutil.NoSuchProcess:
            return ""


@cache
def _boot() -> str:
    return BOOT.read_text().strip()


def _own_silence(path: Path, found: Mapping[str, Any]) -> float:
    uptime = found.get("uptime")
    if is_number(uptime):
        return time.monotonic() - uptime
    return _silent(path, found["time"])


def _silent(path: Path, moment: float) -> float:
    """Return the seconds since a beat; one dated far ahead counts from when its file was first seen."""
    since = time.time() - moment
    return since if since > -HEARTBEAT_PATIENCE else age(path)


PROGRESS = "progress.jsonl"
OUTCOME = "outcome.json"
CANCEL = "cancel"
LOG = "log.txt"

STOPPED = "Stopped on request. It can be resumed or deleted."
INTERRUPTED = "The program or the machine stopped. It can be resumed or deleted."

TOO_MUCH = (
    "The job held more than {:.1f} GB of memory and was stopped. Use fewer samples or genes or a smaller network, or "
    "raise LANDMARK_MAX_JOB_MB."
)

BEAT_SECONDS = 1.0
CANCEL_PATIENCE = 10.0
SILENT_SECONDS = 0.25
"""Progress without figures of its own is written at most this often."""


class RunStatusWriter:
    """Writes how an unfinished run stands into its folder; a context manager around the work.

    Parameters
    ----------
    onward
        Also told of all progress, for instance a progress bar.
    overdue
        Called when a cancel was asked for and the work has not stopped within ``CANCEL_PATIENCE`` seconds,
        for instance inside a long compilation, or when the work holds more memory than a job may; a process of its own
        ends itself here.
    """

    def __init__(
        self, folder: Path, onward: Report = silent, overdue: Callable[[], None] | None = None
    ) -> None:
        self.folder = folder
        self.state = "waiting"
        self._onward = onward
        self._overdue = overdue
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        self._written = (0.0, "")
        self._cancel_seen: float | None = None
        self._most = job_limit()

    def __enter__(self) -> Self:
        (self.folder / OUTCOME).unlink(missing_ok=True)
        self._write_heartbeat()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if not self.folder.is_dir():  # published
            return
        if isinstance(error, Cancelled):
            write_json(self.folder / OUTCOME, {"state": "cancelled", "message": str(error)})
        elif isinstance(error, Exception):
            if not isinstance(error, LandmarkError):
                error.add_note(f"In run {self.folder.name}.")  # for whoever reports it
            refused = isinstance(error, BadData | BadConfiguration)
            ending = {"state": "failed", "message": _sentence(error), "refused": refused}
            write_json(self.folder / OUTCOME, ending)
        elif error is not None:  # Ctrl-C
            write_json(self.folder / OUTCOME, {"state": "interrupted", "message": INTERRUPTED})
        for leftover in (CANCEL, HEARTBEAT):
            (self.folder / leftover).unlink(missing_ok=True)

    def close(self) -> None:
        """Stop the heartbeat, for good; called before the folder is published.

        The last beat stays, so that the run counts as running until it is published.
        """
        self._stop.set()
        self._thread.join()

    def running(self) -> None:
        """Say that waiting is over and the work has begun."""
        self.state = "running"
        self._write_heartbeat()

    def check(self) -> None:
        """Stop here, by raising ``Cancelled``, if the user asked for it."""
        if (self.folder / CANCEL).exists():
            raise Cancelled(STOPPED)

    def report(self, progress: Progress) -> None:
        """Write a line of progress; the ``Report`` handed to workflows."""
        self.check()
        last, stage = self._written
        moment = time.time()
        news = progress.done or progress.total  # a bare sign of life says nothing about how far
        if progress.values or stage != progress.stage or (news and moment - last >= SILENT_SECONDS):
            line = {"time": round(moment, 3), **vars(progress), "values": dict(progress.values)}
            with (self.folder / PROGRESS).open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
            self._written = (moment, progress.stage)
        self._onward(progress)

    def _beat(self) -> None:
        while not self._stop.wait(BEAT_SECONDS):
            self._write_heartbeat()
            if self._overdue is None:
                continue
            if self._cancelled_for() > CANCEL_PATIENCE:
                self._overdue()
            if held() > self._most:
                message = TOO_MUCH.format(self._most / 1e9)
                write_json(self.folder / OUTCOME, {"state": "failed", "message": message})
                self._overdue()

    def _cancelled_for(self) -> float:
        """Return the seconds since the wish to stop was seen; no clock that may be set is asked."""
        if not (self.folder / CANCEL).exists():
            self._cancel_seen = None
            return 0.0
        if self._cancel_seen is None:
            self._cancel_seen = time.monotonic()
        return time.monotonic() - self._cancel_seen

    def _write_heartbeat(self) -> None:
        write_json(self.folder / HEARTBEAT, beat(self.state))


def _sentence(error: Exception) -> str:
    if isinstance(error, LandmarkError):
        return str(error)
    return known_cause(error) or (
        f"The program met something it did not expect ({type(error).__name__}). The log has the details, "
        f"and so has {DEFECTS}, beside the datasets."
    )
