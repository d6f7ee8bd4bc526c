"""Start one run as a job. A process of its own, in a session of its own, so that it outlives the server.

``python -m landmark.jobs.launch RUN`` hands the run to submitit and ends at once.
"""

import os
import subprocess
import sys
from pathlib import Path

import submitit

from landmark.errors import LandmarkError
from landmark.jobs.member import write_to_log
from landmark.jobs.perform import perform
from landmark.jobs.slurm import SUBMITIT
from landmark.jobs.submission import hand_over
from landmark.settings import settings
from landmark.store.log import report_defect
from landmark.store.request import read_request
from landmark.store.workspace import Workspace, open_workspace

WEEK = 7 * 24 * 60
DEVICE_VARIABLE = "CUDA_VISIBLE_DEVICES"


def main(run_id: str) -> None:
    """Hand a run to submitit."""
    here, chosen = open_workspace(), settings()
    if chosen.executor == "slurm":
        job = hand_over(here, read_request(here, run_id), chosen)
        subprocess.Popen([sys.executable, "-m", "landmark.jobs.queue", run_id, job], start_new_session=True)
        return
    executor = submitit.AutoExecutor(folder=here.unfinished / run_id / SUBMITIT, cluster="local")
    executor.update_parameters(name=run_id, timeout_min=WEEK)
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
    here = Workspace(Path(root))
    write_to_log(here, run_id)
    try:
        perform(here, run_id, overdue=lambda: os._exit(1))
    except LandmarkError as error:
        print(f"{type(error).__name__}: {error}")
    except Exception as error:  # noqa: BLE001 - a defect: the run says so, the log has the details
        report_defect(error, f"run {run_id}")


if __name__ == "__main__":
    main(sys.argv[1])
