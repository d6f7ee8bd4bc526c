"""Perform a request in this process: wait in line, work, publish."""

from collections.abc import Callable

from landmark.jobs.turn import turn
from landmark.progress import Report, silent
from landmark.runs.home import Home
from landmark.runs.journal import Journal
from landmark.runs.request import read_request
from landmark.runs.store import Run
from landmark.workflows.execute import execute


def perform(
    home: Home, run_id: str, report: Report = silent, overdue: Callable[[], None] | None = None
) -> Run:
    """Perform an unfinished run, from the start or from where it was left.

    Raises
    ------
    LandmarkError
        Whatever stopped it; also kept in the run's folder.
    """
    request = read_request(home, run_id)
    with Journal(request.folder(home), report, overdue) as journal, turn(home, request, journal):
        return execute(home, request, journal)
