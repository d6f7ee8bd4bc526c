"""Hand a run over to a SLURM cluster."""

import submitit

from landmark.jobs.member import work
from landmark.jobs.slurm import SUBMITIT, remember
from landmark.settings import Settings
from landmark.store.request import Request
from landmark.store.workspace import Workspace
from landmark.workflows.distributed import trains


def hand_over(workspace: Workspace, request: Request, chosen: Settings) -> str:
    """Submit a run to the cluster and return the number of its job."""
    executor = submitit.AutoExecutor(folder=request.folder(workspace) / SUBMITIT, cluster="slurm")
    executor.update_parameters(name=request.id, **resources(chosen, trains(request)))
    job: str = executor.submit(work, str(workspace.root.absolute()), request.id).job_id
    remember(request.folder(workspace), job)
    return job


def resources(chosen: Settings, together: bool) -> dict[str, object]:
    """Return what a job asks the cluster for.

    Parameters
    ----------
    together
        Whether several processes share the work; other jobs have one process and at most one accelerator.
    """
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
