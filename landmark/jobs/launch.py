"""Start one run as a job. A process of its own, in a session of its own, so that it outlives the server.

``python -m landmark.jobs.launch RUN`` hands the run to submitit and ends at once.
"""

import os
import subprocess
import sys
from pathlib import Path

import submitit

from landmark.errors import LandmarkError
from landmark.jobs import member
from landmark.jobs.perform import perform
from landmark.jobs.slurm import SUBMITIT, remember
from landmark.settings import Settings, settings
from landmark.store.log import report_defect
from landmark.store.request import Request, read_request
from landmark.store.workspace import Workspace, open_workspace
from landmark.workflows.distributed import trains

WEEK = 7 * 24 * 60
DEVICE_VARIABLE = "CUDA_VISIBLE_DEVICES"


def main(run_id: str) -> None:
    """Hand a run to submitit."""
    here, chosen = open_workspace(), settings()
    if chosen.executor == "slurm":
        job = _hand_over(here, read_request(here, run_id), chosen)
        subprocess.Popen([sys.executable, "-m", "landmark.jobs.slurm", run_id, job], start_new_session=True)
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
    member.write_to_log(here, run_id)
    try:
        perform(here, run_id, overdue=lambda: os._exit(1))
    except LandmarkError as error:
        print(f"{type(error).__name__}: {error}")
    except Exception as error:  # noqa: BLE001 - a defect: the run says so, the log has the details
        report_defect(error, f"run {run_id}")


def _hand_over(workspace: Workspace, request: Request, chosen: Settings) -> str:
    """Submit a run to the cluster and return the number of its job."""
    executor = submitit.AutoExecutor(folder=request.folder(workspace) / SUBMITIT, cluster="slurm")
    executor.update_parameters(name=request.id, **_resources(chosen, trains(request)))
    job: str = executor.submit(member.work, str(workspace.root.absolute()), request.id).job_id
    remember(request.folder(workspace), job)
    return job


def _resources(chosen: Settings, together: bool) -> dict[str, object]:
    """Return what a job asks the cluster for; one that is not shared has one process and at most one accelerator."""
    accelerators = chosen.slurm_gpus_per_node if together else min(1, chosen.slurm_gpus_per_node)
    # One process per accelerator is what JAX expects on SLURM: it gives each process the device of its number.
    processes = (accelerators or chosen.slurm_processes_per_node) if together else 1
    starter = ["--kill-on-bad-exit=1"]  # no process waits for one that failed
    asked: dict[str, object] = {
        "timeout_min": chosen.slurm_minutes,
        "nodes": chosen.slurm_nodes if together else 1,
        "tasks_per_node": processes,
        # Whether to go on after an interruption is for the user to say.
        "slurm_additional_parameters": {"no-requeue": True},
    }
    if accelerators:
        asked["gpus_per_node"] = accelerators
    if chosen.slurm_cores_per_process:
        asked["cpus_per_task"] = chosen.slurm_cores_per_process
        starter.append(f"--cpus-per-task={chosen.slurm_cores_per_process}")  # not inherited since SLURM 22.05
    if chosen.slurm_partition:
        asked["slurm_partition"] = chosen.slurm_partition
    return asked | {"slurm_srun_args": starter}


if __name__ == "__main__":
    main(sys.argv[1])
