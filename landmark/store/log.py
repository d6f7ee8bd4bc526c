"""The log of what the program did not expect: one file in the workspace, which all its processes write to."""

import logging
import sys
from functools import cache
from logging.handlers import RotatingFileHandler

from filelock import FileLock

from landmark.errors import LandmarkError
from landmark.store.workspace import open_workspace

DEFECTS = "landmark.log"

MOST_BYTES, KEPT = 1_000_000, 3
"""A log of that size is put aside as landmark.log.1; so many of those stay."""

PATIENCE = 5.0
"""Seconds to wait for another process that writes."""


def report_defect(error: BaseException, where: str) -> tuple[bool, str]:
    """Write an error with its traceback to the console and to the log, and say where that is.

    Parameters
    ----------
    where
        The run, page or command it belongs to.

    Returns
    -------
    bool
        Whether it could be written to the log.
    str
        "the details are in <file>", or why they are not; for whoever may know about the machine.
    """
    logger = _logger()
    trace = (type(error), error, error.__traceback__)
    record = logger.makeRecord(logger.name, logging.ERROR, __file__, 0, "%s", (where,), trace)
    logger.handle(record)
    reason = getattr(record, "unwritten", None)
    if reason is None:
        return True, f"the details are in {open_workspace().root / DEFECTS}"
    words = reason.strerror if isinstance(reason, OSError) and reason.strerror else reason
    return False, f"its details could not be kept: {words}"


class _Console(logging.Handler):
    """Prints to standard error as it is now: a job sends its own to the log of the run."""

    def emit(self, record: logging.LogRecord) -> None:
        print(self.format(record), file=sys.stderr)


class _SharedFile(RotatingFileHandler):
    """Writes to the log of the present workspace: one process at a time, each into the newest file."""

    def __init__(self) -> None:
        super().__init__(DEFECTS, maxBytes=MOST_BYTES, backupCount=KEPT, encoding="utf-8", delay=True)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            workspace = open_workspace()
            self.baseFilename = str(workspace.root / DEFECTS)
            workspace.locks.mkdir(exist_ok=True)
            with FileLock(workspace.locks / "log.lock", timeout=PATIENCE):
                super().emit(record)
                if self.stream:  # another process may put the file aside before the next record
                    self.stream.close()
                    self.stream = None
        except (LandmarkError, OSError) as error:
            record.unwritten = error

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Take note of why a record could not be written."""
        record.unwritten = sys.exc_info()[1]


@cache
def _logger() -> logging.Logger:
    logger = logging.getLogger("landmark")
    for handler in (_Console(), _SharedFile()):
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s [%(process)d] %(message)s"))
        logger.addHandler(handler)
    return logger
