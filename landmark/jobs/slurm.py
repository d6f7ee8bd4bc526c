"""A job on a SLURM cluster: which one a run belongs to, how it stands, and its end.

``python -m landmark.jobs.slurm RUN JOB`` follows a job as long as it lasts, beside the server and in a session of its
own: it says that the run waits until it begins, and how it ended where the run cannot say so itself.
"""

import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from landmark.errors import BadRun, Cancelled
from landmark.progress import Progress
from landmark.store.files import write_json
from landmark.store.status import (
    CANCEL,
    HEARTBEAT,
    INTERRUPTED,
    OUTCOME,
    STOPPED,
    RunStatusWriter,
    beat,
    read_beat,
)
from landmark.store.workspace import open_workspace

SUBMITIT = "submitit"
"""Folder within that of an unfinished run; dropped when the run is published."""

JOB = "job.txt"
"""In that folder: number of the job that the run belongs to now."""

COMMAND_SECONDS = 60
UNKNOWN = "Invalid job id"
GONE = ("GONE", "")


def _standing(job: str) -> tuple[str, str]:
    """Return SLURM's state of a job and its reason, such as ``("PENDING", "Resources")``.

    ``GONE`` for a job that ended so long ago that SLURM has forgotten it, empty where SLURM does not answer now.
    """
    told = _run("squeue", "--noheader", "--states=all", f"--jobs={job}", "--format=%T|%r")
    if told.returncode:
        return GONE if UNKNOWN in told.stderr else ("", "")
    state, _, reason = told.stdout.strip().partition("|")
    return (state, reason) if state else GONE


def stop(run_id: str) -> None:
    """Take the job of a run out of the queue, or end all its processes; BadRun if SLURM refuses."""
    told = _run("scancel", f"--name={run_id}")
    if told.returncode:
        raise BadRun(f"The cluster could not be asked to stop {run_id}: {told.stderr.strip()}")


def remember(folder: Path, job: str) -> None:
    """Note the job that the run belongs to from now on."""
    (folder / SUBMITIT / JOB).write_text(job)


def forget(folder: Path) -> None:
    """Let a run have no job, so that what its last one still has to say no longer counts."""
    (folder / SUBMITIT / JOB).unlink(missing_ok=True)


def _current(folder: Path) -> str:
    """Return the number of the job that the run belongs to now, or ""."""
    try:
        return (folder / SUBMITIT / JOB).read_text()
    except FileNotFoundError:
        return ""


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False)
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 1, "", str(error))


LOOK_SECONDS = 2.0

WAITING = frozenset({"PENDING", "REQUEUED", "SPECIAL_EXIT", "RESV_DEL_HOLD", "REQUEUE_FED", "REQUEUE_HOLD"})
AT_WORK = frozenset(
    {"CONFIGURING", "RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "RESIZING", "SIGNALING", "STAGE_OUT"}
)

REASONS = {
    "Resources": "its nodes are busy",
    "Priority": "other jobs come first",
    "PartitionDown": "the partition is down",
    "QOSMaxJobsPerUserLimit": "you have as many jobs at work as is allowed",
}
"""SLURM's commonest reasons, in words."""

ENDINGS = {
    "TIMEOUT": ("interrupted", "The time limit of the cluster was reached. Resume goes on from the last checkpoint."),
    "PREEMPTED": ("interrupted", "The cluster gave the nodes to another job. The run can be resumed or deleted."),
    "NODE_FAIL": ("interrupted", "A node of the cluster failed. The run can be resumed or deleted."),
    "CANCELLED": ("interrupted", "The job was stopped on the cluster. The run can be resumed or deleted."),
    "OUT_OF_MEMORY": (
        "failed",
        "The job used more memory than the cluster gave it. Ask for more, for instance by SBATCH_MEM_PER_NODE.",
    ),
    "FAILED": (
        "interrupted",
        "A process of the job ended on the cluster before the run was complete. The log may say why; "
        "the run can be resumed or deleted.",
    ),
}  # fmt: skip


def _follow(folder: Path, job: str) -> None:
    """Follow a job until it has ended or the run belongs to another one."""
    told = ""
    while folder.is_dir() and not (folder / OUTCOME).exists():
        state, reason = _standing(job)
        if _current(folder) != job:
            return
        if state and state not in WAITING | AT_WORK:
            _tell_ending(folder, state)
            return
        if not _begun(folder):
            _beat(folder)
            stage = "Starting on the cluster" if state in AT_WORK else _waiting(reason)
            if stage != told:
                with suppress(Cancelled, FileNotFoundError):
                    RunStatusWriter(folder).report(Progress(stage))
                told = stage
        time.sleep(LOOK_SECONDS)


def _waiting(reason: str) -> str:
    if reason in ("", "None"):
        return "Waiting on the cluster"
    return f"Waiting on the cluster: {REASONS.get(reason, reason)}"


def _begun(folder: Path) -> bool:
    """Tell whether the job itself has given a sign of life."""
    found = read_beat(folder / HEARTBEAT)
    return found is not None and (found["host"], found["pid"]) != (socket.gethostname(), os.getpid())


def _beat(folder: Path) -> None:
    with suppress(FileNotFoundError):
        write_json(folder / HEARTBEAT, beat("waiting"))


def _tell_ending(folder: Path, state: str) -> None:
    if (folder / CANCEL).exists():
        outcome, message = "cancelled", STOPPED
    else:
        outcome, message = ENDINGS.get(state, ("interrupted", INTERRUPTED))
    with suppress(FileNotFoundError):  # published just now
        if not (folder / OUTCOME).exists():
            write_json(folder / OUTCOME, {"state": outcome, "message": message})


if __name__ == "__main__":
    _follow(open_workspace().unfinished / sys.argv[1], sys.argv[2])
