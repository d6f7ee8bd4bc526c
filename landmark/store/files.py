"""Small files that are either whole or absent, and scratch folders that go with their process."""

import json
import math
import os
import shutil
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeGuard

from filelock import FileLock, Timeout

from landmark.errors import BadRun

MOST = 1e300
"""Numbers beyond are not meant."""

AHEAD = 2.0
"""Seconds by which the time of a file may be ahead without saying anything of the clock."""


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write JSON under a temporary name, then rename: a reader never sees half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        draft.write_text(
            json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8"
        )
        draft.replace(path)
    except OSError:  # such as a full disk
        draft.unlink(missing_ok=True)
        raise


def age(path: Path) -> float:
    """Return the seconds since a file or folder was last changed; infinite where there is none.

    One dated ahead, as after a clock that was set back, counts as changed now, from when it is first seen: it is given
    the present time.
    """
    try:
        passed = time.time() - path.stat().st_mtime
        if passed < -AHEAD:
            os.utime(path)
    except OSError:
        return math.inf
    return max(passed, 0.0)


def is_number(value: object) -> TypeGuard[float]:
    """Say whether a value read from JSON is a finite number, and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MOST


def tail(path: Path, most: int) -> str:
    """Return the last bytes of a text file, from the start of a line on; "" where there is none."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(size - most, 0))
            end = file.read(most)
    except OSError:  # none yet, or removed while we look
        return ""
    return (end.partition(b"\n")[2] if size > most else end).decode("utf-8", errors="replace")


def flush(folder: Path) -> None:
    """Bring all files to the disk before a rename publishes them: a power cut must not leave empty ones."""
    for path in folder.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; BadRun if the file is absent or damaged."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        fault = "" if isinstance(value, dict) else "damaged"
    except FileNotFoundError:
        fault = "missing"
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        fault = "damaged"
    except OSError as error:  # a folder, or not ours to read
        raise BadRun(
            f"{path} cannot be read ({error.strerror}). The run or dataset it describes cannot be used."
        ) from None
    if fault:
        raise BadRun(f"{path} is {fault}. The run or dataset it describes cannot be used; delete it.")
    found: dict[str, Any] = value
    return found


LOCK = ".lock"


@contextmanager
def scratch_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Give a new folder in ``parent``; at the end it is removed, unless it was renamed to its final place.

    A process that is killed cannot clean up, and what it leaves may fill the disk. So each folder has a lock beside it
    that the system frees when its process ends, however it ends; whoever comes next removes the folders whose locks
    are free.

    Parameters
    ----------
    parent
        Made where it is missing.
    prefix
        Begins the name of the folder; folders of the same prefix are cleaned up after.
    """
    parent.mkdir(parents=True, exist_ok=True)
    remove_left_behind(parent, prefix)
    folder = parent / f"{prefix}{uuid.uuid4().hex}"
    lock = parent / f"{folder.name}{LOCK}"
    with FileLock(lock):
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            lock.unlink(missing_ok=True)


def remove_left_behind(parent: Path, prefix: str) -> None:
    """Remove the folders of a prefix whose processes have ended."""
    for lock in parent.glob(f"{prefix}*{LOCK}"):
        try:
            with FileLock(lock, blocking=False):
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
                lock.unlink(missing_ok=True)
        except Timeout:  # at work
            continue


def is_held(lock: Path) -> bool:
    """Say whether a process holds a lock at the moment."""
    try:
        with FileLock(lock, blocking=False):
            return False
    except Timeout:
        return True
