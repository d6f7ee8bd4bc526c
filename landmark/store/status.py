"""The state of an unfinished run: alive or not, how far, and what ended it. The files are the truth."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from landmark.errors import BadConfiguration, BadData, Cancelled, LandmarkError, known_cause
from landmark.progress import Progress, Report, silent
from landmark.store.files import write_json
from landmark.store.heartbeat import HEARTBEAT, beat
from landmark.store.log import DEFECTS
from landmark.store.machine import held, job_limit

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
    """Keeps the diary while the work goes on; a context manager around the work.

    Parameters
    ----------
    folder
        Folder of the unfinished run.
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
        """Stop here if the user asked for it.

        Raises
        ------
        Cancelled
            If a cancel was asked for.
        """
        if (self.folder / CANCEL).exists():
            raise Cancelled(STOPPED)

    def report(self, progress: Progress) -> None:
        """Write a line of progress; the ``Report`` handed to workflows."""
        self.check()
        last, stage = self._written
        moment = time.time()
        news = progress.done or progress.total  # a bare sign of life says nothing about how far
        if progress.values or stage != progress.stage or (news and moment - last >= SILENT_SECONDS):
            line = {
                "time": round(moment, 3),
                "stage": progress.stage,
                "done": progress.done,
                "total": progress.total,
                "unit": progress.unit,
                "values": dict(progress.values),
            }
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
