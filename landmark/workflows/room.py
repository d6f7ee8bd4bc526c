"""Whether a training fits on this machine; asked before anything starts. Imports no jax."""

import sys
from dataclasses import dataclass

from landmark.errors import BadConfiguration
from landmark.models import cost
from landmark.models.cost import Task
from landmark.models.settings import AutoencoderConfiguration
from landmark.models.size import GIGABYTE, check_against_data
from landmark.store import calibration, machine
from landmark.store.calibration import Calibration
from landmark.store.datasets import DatasetManifest
from landmark.store.predictions import MOST_SAMPLES
from landmark.store.workspace import Workspace


@dataclass(frozen=True)
class Room:
    """What a training needs beside what there is, in bytes.

    Attributes
    ----------
    memory
        What it needs; ``memory.loaded`` tells whether the dataset is loaded.
    memory_total, memory_available
        Of this machine, and what is free of it now.
    device_memory
        Of its accelerator; None where the processors train, or where nothing has been trained here yet.
    disk, disk_free
        What it needs while it runs and keeps, and what is free.
    """

    memory: cost.Memory
    memory_total: int
    memory_available: int
    device_memory: int | None
    disk: int
    disk_free: int


def task_of(about: DatasetManifest, network: AutoencoderConfiguration) -> Task:
    """Describe the training of a network on a dataset."""
    return Task(network, about.split.get("train", 0), about.split.get("test", 0), about.genes)


def room(workspace: Workspace, task: Task, runs: int = 1) -> Room:
    """Ask what one or several trainings, one after the other, need and what this machine has."""
    has, known = machine.memory(), calibration.read(workspace)
    device_memory = known.device_memory if known else None
    return Room(
        cost.memory(task, has.total, device_memory),
        has.total,
        has.available,
        device_memory,
        cost.disk_bytes(task, MOST_SAMPLES, runs),
        machine.disk_free(workspace.root),
    )


def check_room(workspace: Workspace, task: Task, runs: int = 1, here: bool = True) -> Room:
    """Refuse a training that the data or this machine cannot carry.

    Parameters
    ----------
    runs
        Number of such trainings whose results are kept.
    here
        Whether this machine trains; otherwise its memory says nothing, and the machine that trains asks again.

    Raises
    ------
    BadConfiguration
        Naming the field, its value and its bound.
    """
    found, network = room(workspace, task, runs), task.network
    memory = (found.device_memory or found.memory_total) if here else sys.maxsize
    check_against_data(network, task.train, task.genes, memory)
    if here and found.memory.host > found.memory_total:
        raise BadConfiguration(
            f"hidden = {network.hidden}: training would need {found.memory.host / GIGABYTE:.1f} GB of memory in all, "
            f"and this machine has {found.memory_total / GIGABYTE:.1f} GB; choose fewer units or a smaller batch"
        )
    if found.disk > found.disk_free:
        raise BadConfiguration(
            f"hidden = {network.hidden}: checkpoints, network and predictions would need "
            f"{found.disk / GIGABYTE:.1f} GB, and the disk of {workspace.root} has {found.disk_free / GIGABYTE:.1f} "
            "GB free; choose fewer units, or delete runs that are not needed"
        )
    return found


def seconds(known: Calibration | None, task: Task, loaded: bool) -> float | None:
    """Estimate the time of a training; None where a step of it has not been measured here."""
    if known is None or task.step not in known.step_seconds:
        return None
    return cost.seconds(task, known.step_seconds[task.step], known.host_rate, loaded)
