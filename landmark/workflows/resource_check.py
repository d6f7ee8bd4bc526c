"""Whether a training fits on a machine: asked before anything starts. Imports no jax."""

import sys
from dataclasses import dataclass

from landmark.errors import BadConfiguration
from landmark.models.settings import AutoencoderConfiguration
from landmark.models.size import GIGABYTE, Memory, Task, check_against_data, disk_needed, memory_needed
from landmark.store import machine
from landmark.store.datasets import DatasetManifest
from landmark.store.predictions import MOST_SAMPLES
from landmark.store.workspace import Workspace


@dataclass(frozen=True)
class Resources:
    """What a training needs beside what there is, in bytes.

    Attributes
    ----------
    memory
        What it needs; ``memory.loaded`` says whether the dataset is loaded.
    memory_total, memory_available
        Of this machine, and what is free of it now.
    disk, disk_free
        What it needs while it runs and keeps, and what is free.
    """

    memory: Memory
    memory_total: int
    memory_available: int
    disk: int
    disk_free: int


def task_of(about: DatasetManifest, network: AutoencoderConfiguration) -> Task:
    """Describe the training of a network on a dataset."""
    return Task(network, about.split.get("train", 0), about.split.get("test", 0), about.genes)


def check_resources(
    workspace: Workspace, task: Task, runs: int = 1, here: bool = True, device_memory: int | None = None
) -> Resources:
    """Say what a training needs; refuse one that the data or this machine cannot carry.

    Parameters
    ----------
    runs
        Number of such trainings, one after the other, whose results are kept.
    here
        Whether this machine trains; otherwise its memory says nothing, and the machine that trains asks again.
    device_memory
        Memory of the accelerator that trains, in bytes; None where the processors train, or it is not known. Pages
        do not know it, as asking takes JAX: the run asks again before it reads anything.

    Raises
    ------
    BadConfiguration
        Naming the field, its value and its bound.
    """
    network, has = task.network, machine.memory()
    found = Resources(
        memory_needed(task, has.total, device_memory),
        has.total,
        has.available,
        disk_needed(task, MOST_SAMPLES, runs),
        machine.disk_free(workspace.root),
    )
    check_against_data(network, task.train, task.genes, (device_memory or has.total) if here else sys.maxsize)
    if here and found.memory.host > has.total:
        raise BadConfiguration(
            f"hidden = {network.hidden}: training would need {found.memory.host / GIGABYTE:.1f} GB of memory in all, "
            f"and this machine has {has.total / GIGABYTE:.1f} GB; choose fewer units or a smaller batch"
        )
    if found.disk > found.disk_free:
        raise BadConfiguration(
            f"hidden = {network.hidden}: checkpoints, network and predictions would need "
            f"{found.disk / GIGABYTE:.1f} GB, and the disk of {workspace.root} has {found.disk_free / GIGABYTE:.1f} "
            "GB free; choose fewer units, or delete runs that are not needed"
        )
    return found
