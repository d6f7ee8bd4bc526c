"""The sign of life of a process that works on a run, and whether that process still lives.

On the machine where it beats, a process is known by its number and the moment of its start, counted by the kernel: no
clock is asked, which somebody may set. On another machine only the age of the beat can tell.
"""

import os
import socket
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import psutil

from landmark.errors import BadRun
from landmark.store.files import age, is_number, read_json

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
    """Say whether the process that wrote a beat lives.

    Parameters
    ----------
    path
        File of the beat.
    found
        Its content.
    """
    if found["host"] != socket.gethostname():
        return _silent(path, found["time"]) < HEARTBEAT_PATIENCE
    try:
        process = psutil.Process(found["pid"])
        if process.status() == psutil.STATUS_ZOMBIE or not _same(process, found):
            return False
    except psutil.NoSuchProcess:
        return False
    # This very process knows its own silence: its journal was closed by force.
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
