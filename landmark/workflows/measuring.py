"""Measure this machine, and keep what was measured."""

from landmark.models import estimate
from landmark.models.cost import Task
from landmark.store import calibration
from landmark.store.calibration import Calibration
from landmark.store.workspace import Workspace
from landmark.workflows.device import device_here


def measured_machine(workspace: Workspace) -> Calibration:
    """Return how fast this machine is; measured where it is not known yet or its devices have changed."""
    known = _known(workspace)
    return known if known is not None else _measured(workspace, None)


def measured_step(workspace: Workspace, task: Task) -> Calibration:
    """Return how fast this machine is, with the time of one step of a task among it."""
    known = _known(workspace)
    if known is not None and task.step in known.step_seconds:
        return known
    known = _measured(workspace, known)
    took = estimate.step_seconds(task.network, task.genes)
    found = known.model_copy(update={"step_seconds": {**known.step_seconds, task.step: took}})
    calibration.write(workspace, found)
    return found


def learned_step(workspace: Workspace, task: Task, samples_per_second: float) -> None:
    """Keep the time of a step from a training itself; the faster holds, as other programs may have slowed it down."""
    known = _known(workspace)
    if known is None:
        return
    took = min(task.network.batch_size / samples_per_second, known.step_seconds.get(task.step, float("inf")))
    steps = {**known.step_seconds, task.step: took}
    calibration.write(workspace, known.model_copy(update={"step_seconds": steps}))


def _known(workspace: Workspace) -> Calibration | None:
    known = calibration.read(workspace)
    return known if known is not None and known.device == device_here() else None


def _measured(workspace: Workspace, before: Calibration | None) -> Calibration:
    """Measure the machine; of two measurements the faster holds, as other programs may have slowed one down."""
    matrix_rate, host_rate = estimate.matrix_product_rate(), estimate.host_product_rate()
    found = Calibration(
        device=device_here(),
        device_memory=estimate.device_memory(),
        matrix_rate=max(matrix_rate, before.matrix_rate if before else 0.0),
        host_rate=max(host_rate, before.host_rate if before else 0.0),
        step_seconds=before.step_seconds if before else {},
    )
    calibration.write(workspace, found)
    return found
