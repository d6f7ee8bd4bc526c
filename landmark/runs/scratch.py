"""A folder for something large in the making, which vanishes with the process that writes it."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

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
