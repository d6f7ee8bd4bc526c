"""Waiting in line: one run at a time uses the devices of a machine, in the order of the requests."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from landmark.progress import Progress
from landmark.runs.activity import activities
from landmark.runs.home import Home
from landmark.runs.journal import Journal
from landmark.runs.request import Request

LIGHT = frozenset({"import"})
"""Verbs that need no device and so do not wait."""

LOOK_SECONDS = 0.3


@contextmanager
def turn(home: Home, request: Request, journal: Journal) -> Iterator[None]:
    """Wait until it is this run's turn, and keep the devices while the block runs.

    The lock belongs to the process, so it is free again whenever the process ends, however it ends.
    """
    if request.kind in LIGHT:
        journal.running()
        yield
        return
    home.locks.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home.locks / f"{socket.gethostname()}.lock")
    told = -1
    while True:
        ahead = _ahead(home, request)
        if not ahead:
            try:
                lock.acquire(timeout=0)
                break
            except Timeout:
                pass
        journal.check()
        if ahead != told:
            journal.report(Progress("Waiting for other runs on this machine", 0, ahead + 1, "run"))
            told = ahead
        time.sleep(LOOK_SECONDS)
    try:
        journal.running()
        yield
    finally:
        lock.release()


def _ahead(home: Home, request: Request) -> int:
    """Count the waiting runs that asked before this one."""
    return sum(
        item.state == "waiting"
        and item.request.kind not in LIGHT
        and not item.request.part_of
        and (item.request.submitted, item.id) < (request.submitted, request.id)
        for item in activities(home)
    )
