"""The log of a run: everything its processes print."""

import logging
import os
import sys

from landmark.runs.home import Home
from landmark.runs.journal import LOG


def write_to_log(home: Home, run_id: str) -> None:
    """Send what this process prints from now on to the log of a run."""
    log = os.open(home.unfinished / run_id / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, sys.stdout.fileno())
    os.dup2(log, sys.stderr.fileno())
    logging.captureWarnings(True)
