"""One process of a job on a cluster: the first executes the run, the others share its trainings; and its log."""

import logging
import os
import signal
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

from landmark.errors import LandmarkError
from landmark.settings import settings
from landmark.store.files import write_json
from landmark.store.log import report_defect
from landmark.store.request import Request, read_request
from landmark.store.status import LOG, OUTCOME, RunStatusWriter
from landmark.store.workspace import Workspace
from landmark.workflows.distributed import take_part, trains
from landmark.workflows.execute import execute


def write_to_log(workspace: Workspace, run_id: str) -> None:
    """Send what this process prints from now on to the log of a run."""
    log = os.open(workspace.unfinished / run_id / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, sys.stdout.fileno())
    os.dup2(log, sys.stderr.fileno())
    logging.captureWarnings(True)


NUMBER = "SLURM_PROCID"
ECHO_SECONDS = 5.0


def work(root: str, run_id: str) -> NoReturn:
    """Do this process's share of a run, then end the process."""
    # The cluster ends a job by SIGTERM, which submitit ignores, and announces its time limit by SIGUSR2.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)
    os.environ["JAX_ENABLE_PREEMPTION_SERVICE"] = "false"  # it would catch SIGTERM
    if not settings().slurm_gpus_per_node:
        os.environ.setdefault("JAX_PLATFORMS", "cpu")  # leave alone accelerators that were not asked for
    workspace = Workspace(Path(root))
    write_to_log(workspace, run_id)
    with _Ending(run_id):
        request = read_request(workspace, run_id)
        if os.environ.get(NUMBER, "0") == "0":
            _lead(workspace, request)
        else:
            _follow(workspace, request)
    raise AssertionError("the process has ended")


def _lead(workspace: Workspace, request: Request) -> None:
    with RunStatusWriter(request.folder(workspace), overdue=lambda: os._exit(1)) as status:
        status.running()
        if not trains(request):
            execute(workspace, request, status)
            return
        from landmark.training.mesh import together  # brings JAX, after the environment is set

        try:
            with together():
                execute(workspace, request, status)
        except LandmarkError:
            raise
        except Exception:
            # Perhaps only the echo of another process's end. Then the cluster ends this one too, before it can
            # take the blame.
            time.sleep(ECHO_SECONDS)
            raise


def _follow(workspace: Workspace, request: Request) -> None:
    from landmark.training.mesh import together

    try:
        with together():
            take_part(workspace, request)
    except LandmarkError as error:
        folder = request.folder(workspace)
        if folder.is_dir() and not (folder / OUTCOME).exists():  # the first process may not have met it
            write_json(folder / OUTCOME, {"state": "failed", "message": str(error)})
        raise


class _Ending:
    """Ends the process with the block, without goodbye.

    A failed process must not wait for the others at exit, as JAX would; and submitit would keep its result in a
    folder that is gone when a run has been published.
    """

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> NoReturn:
        if isinstance(error, LandmarkError):
            print(f"{type(error).__name__}: {error}")
        elif error is not None:
            report_defect(error, f"run {self.run_id}")
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(error is not None)
