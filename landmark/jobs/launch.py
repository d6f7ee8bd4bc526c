"""Start one run as a job. A process of its own, in a session of its own, so that it outlives the server.

``python -m landmark.jobs.launch RUN`` hands the run to submitit and ends at once.
"""

import logging
import os
import sys
from pathlib import Path

import submitit

from landmark.errors import LandmarkError
from landmark.jobs.perform import perform
from landmark.runs.home import Home, home
from landmark.runs.journal import LOG
from landmark.settings import Settings, settings

WEEK = 7 * 24 * 60
DEVICE_VARIABLE = "CUDA_VISIBLE_DEVICES"


def main(run_id: str) -> None:
    """Hand a run to submitit."""
    here, chosen = home(), settings()
    folder = here.unfinished / run_id
    executor = submitit.AutoExecutor(folder=folder / "submitit", cluster=chosen.executor)
    executor.update_parameters(name=run_id, **_resources(chosen))
    executor.submit(work, str(here.root), run_id, os.environ.get(DEVICE_VARIABLE))


def work(root: str, run_id: str, devices: str | None) -> None:
    """Perform the run; everything it prints goes to its log.

    Parameters
    ----------
    devices
        The devices that were visible to the server: submitit's local executor hides them all otherwise.
    """
    if devices is None:
        os.environ.pop(DEVICE_VARIABLE, None)
    else:
        os.environ[DEVICE_VARIABLE] = devices
    here = Home(Path(root))
    log = os.open(here.unfinished / run_id / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, sys.stdout.fileno())
    os.dup2(log, sys.stderr.fileno())
    logging.captureWarnings(True)
    try:
        perform(here, run_id, overdue=lambda: os._exit(1))
    except LandmarkError as error:
        print(f"{type(error).__name__}: {error}")


def _resources(chosen: Settings) -> dict[str, object]:
    if chosen.executor == "local":
        return {"timeout_min": WEEK}
    resources: dict[str, object] = {
        "timeout_min": chosen.slurm_minutes,
        "nodes": chosen.slurm_nodes,
        "gpus_per_node": chosen.slurm_gpus_per_node,
    }
    if chosen.slurm_partition:
        resources["slurm_partition"] = chosen.slurm_partition
    return resources


if __name__ == "__main__":
    main(sys.argv[1])
