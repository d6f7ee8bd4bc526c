"""Perform a request in this process: wait in line, work, publish."""

from collections.abc import Callable

from landmark.jobs.device_lock import exclusive_device
from landmark.progress import Report, silent
from landmark.store.request import read_request
from landmark.store.runs import Run
from landmark.store.status import RunStatusWriter
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute


def perform(
    workspace: Workspace, run_id: str, report: Report = silent, overdue: Callable[[], None] | None = None
) -> Run:
    """Perform an unfinished run, from the start or from where it was left.

    Raises
    ------
    LandmarkError
        Whatever stopped it; also kept in the run's folder.
    """
    request = read_request(workspace, run_id)
    with (
        RunStatusWriter(request.folder(workspace), report, overdue) as status,
        exclusive_device(workspace, request, status),
    ):
        return execute(workspace, request, status)
