"""Perform a request in this process: wait for a place on the devices of this machine, work, publish."""

import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from landmark.analyses.registry import ANALYSES
from landmark.progress import Progress, Report, silent
from landmark.store.activity import activities
from landmark.store.request import Request, read_request
from landmark.store.runs import Run
from landmark.store.status import RunStatusWriter
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute

BESIDE = max(os.cpu_count() or 1, 2)
"""Jobs without a device that work at once: more would only take memory from each other."""

LOOK_SECONDS = 0.3


@contextmanager
def exclusive_device(workspace: Workspace, request: Request, status: RunStatusWriter) -> Iterator[None]:
    """Wait until it is this run's turn, and keep its place while the block runs.

    The place is a lock that belongs to the process, so it is free again whenever the process ends, however it ends.
    """
    workspace.locks.mkdir(parents=True, exist_ok=True)
    places = [FileLock(path) for path in _places(workspace, uses_device(request.kind, request.configuration))]
    told = -1
    while True:
        ahead = _ahead(workspace, request)
        if ahead < len(places) and (place := _taken(places)):
            break
        status.check()
        if ahead != told:
            status.report(Progress("Waiting for other runs on this machine", 0, ahead + 1, "run"))
            told = ahead
        time.sleep(LOOK_SECONDS)
    try:
        status.running()
        yield
    finally:
        place.release()


def uses_device(kind: str, configuration: Mapping[str, Any]) -> bool:
    """Say whether a run trains or asks a network, which takes all of a machine's accelerators or cores."""
    return ANALYSES[kind].uses_device(configuration) if kind in ANALYSES else True


def _places(workspace: Workspace, device: bool) -> list[Path]:
    host = socket.gethostname()
    if device:
        return [workspace.locks / f"{host}.lock"]
    return [workspace.locks / f"{host}-beside-{i}.lock" for i in range(BESIDE)]


def _taken(places: list[FileLock]) -> FileLock | None:
    """Take the first free place, if there is one."""
    for place in places:
        try:
            place.acquire(timeout=0)
        except Timeout:
            continue
        return place
    return None


def _ahead(workspace: Workspace, request: Request) -> int:
    """Count the waiting runs that asked before this one and want a place of the same kind."""
    wanted = uses_device(request.kind, request.configuration)
    return sum(
        item.state == "waiting"
        and not item.request.part_of
        and uses_device(item.request.kind, item.request.configuration) == wanted
        and (item.request.submitted, item.id) < (request.submitted, request.id)
        for item in activities(workspace)
    )


def perform(
    workspace: Workspace, run_id: str, report: Report = silent, overdue: Callable[[], None] | None = None
) -> Run:
    """Perform an unfinished run, from the start or from where it was left.

    LandmarkError: whatever stopped it; also kept in the run's folder.
    """
    request = read_request(workspace, run_id)
    with (
        RunStatusWriter(request.folder(workspace), report, overdue) as status,
        exclusive_device(workspace, request, status),
    ):
        return execute(workspace, request, status)
