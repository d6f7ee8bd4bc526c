"""What a page or a command may do with a job: submit, resume, cancel."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from landmark.errors import BadRun
from landmark.jobs import slurm
from landmark.settings import settings
from landmark.store.activity import activity, reopen
from landmark.store.files import write_json
from landmark.store.request import write_request
from landmark.store.status import CANCEL, LOG, OUTCOME
from landmark.store.workspace import Workspace
from landmark.workflows.execute import configuration_of

PROJECT = Path(__file__).parents[2]
LAUNCH_SECONDS = 120


def submit(workspace: Workspace, kind: str, configuration: Mapping[str, Any]) -> str:
    """Start a run as a job and return its name.

    BadConfiguration if the configuration is refused; nothing is started then. BadRun if the job could not be started.
    """
    checked = configuration_of(kind, configuration)
    request = write_request(workspace, kind, checked.model_dump(mode="json"))
    _launch(workspace, request.id)
    return request.id


def resume(workspace: Workspace, run_id: str) -> None:
    """Start an unfinished run again, from its last checkpoint where it has one.

    BadRun if there is no such run, or it is still at work.
    """
    reopen(workspace, run_id)
    if settings().executor == "slurm":  # a job of an earlier start may still be in the queue
        slurm.forget(workspace.unfinished / run_id)
        slurm.stop(run_id)
    _launch(workspace, run_id)


def cancel(workspace: Workspace, run_id: str) -> None:
    """Ask a run to stop; it does so at its next report of progress. One that is not at work stays as it is.

    On a cluster its job is taken out of the queue, or all its processes are ended.

    BadRun if there is no such unfinished run.
    """
    found = activity(workspace, run_id)
    if not found.active:
        return
    try:
        (found.folder / CANCEL).touch()
    except FileNotFoundError:
        raise BadRun(f"{run_id} finished just now.") from None
    if settings().executor == "slurm":
        slurm.stop(run_id)


def _launch(workspace: Workspace, run_id: str) -> None:
    reason = _start(workspace, run_id)
    if reason:
        message = f"The job could not be started: {reason}"
        write_json(workspace.unfinished / run_id / OUTCOME, {"state": "failed", "message": message})
        raise BadRun(message)


def _start(workspace: Workspace, run_id: str) -> str:
    """Start the job; return what went wrong, or ""."""
    log = workspace.unfinished / run_id / LOG
    # To a file, not a pipe: the job inherits it, and a pipe would be waited for until the job ends.
    with log.open("ab") as output:
        try:
            started = subprocess.run(
                [sys.executable, "-m", "landmark.jobs.launch", run_id],
                cwd=PROJECT,
                env=os.environ | {"LANDMARK_HOME": str(workspace.root.absolute())},
                start_new_session=True,  # Ctrl-C on the server must not reach the job
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                timeout=LAUNCH_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"nothing happened within {LAUNCH_SECONDS} seconds"
    if started.returncode == 0:
        return ""
    said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return said[-1] if said else "no reason given"
