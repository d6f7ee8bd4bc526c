"""A job on a SLURM cluster: which one a run belongs to, how it stands, and its end."""

import subprocess
from pathlib import Path

from landmark.errors import BadRun

SUBMITIT = "submitit"
"""Folder within that of an unfinished run; dropped when the run is published."""

JOB = "job.txt"
"""In that folder: number of the job that the run belongs to now."""

COMMAND_SECONDS = 60
UNKNOWN = "Invalid job id"
GONE = ("GONE", "")


def standing(job: str) -> tuple[str, str]:
    """Return SLURM's state of a job and its reason, such as ``("PENDING", "Resources")``.

    Returns
    -------
    state, reason
        ``GONE`` for a job that ended so long ago that SLURM has forgotten it, and empty strings where SLURM does
        not answer now.
    """
    told = _run("squeue", "--noheader", "--states=all", f"--jobs={job}", "--format=%T|%r")
    if told.returncode:
        return GONE if UNKNOWN in told.stderr else ("", "")
    state, _, reason = told.stdout.strip().partition("|")
    return (state, reason) if state else GONE


def stop(run_id: str) -> None:
    """Take the job of a run out of the queue, or end all its processes.

    Raises
    ------
    BadRun
        If SLURM refuses.
    """
    told = _run("scancel", f"--name={run_id}")
    if told.returncode:
        raise BadRun(f"The cluster could not be asked to stop {run_id}: {told.stderr.strip()}")


def remember(folder: Path, job: str) -> None:
    """Note the job that the run belongs to from now on."""
    (folder / SUBMITIT / JOB).write_text(job)


def forget(folder: Path) -> None:
    """Let a run have no job, so that what its last one still has to say no longer counts."""
    (folder / SUBMITIT / JOB).unlink(missing_ok=True)


def current(folder: Path) -> str:
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
