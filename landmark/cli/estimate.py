"""The command that says what a training needs, before it starts."""

import json
from typing import Annotated

import typer

from landmark.cli.commands import Change, changed


def estimate(
    dataset: Annotated[str, typer.Option(help="Dataset id; by default the newest dataset.")] = "",
    seeds: Annotated[int, typer.Option(min=1, help="How many such trainings, one after the other.")] = 1,
    changes: Change = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object: bytes of memory and disk, and the device.")
    ] = False,
) -> None:
    """Say what memory and disk a training needs on this machine; ends with 2 where it will not fit."""
    from landmark.cli.ask import fitting, newest_dataset
    from landmark.models.settings import AutoencoderConfiguration
    from landmark.store.datasets import DatasetStore
    from landmark.store.workspace import open_workspace
    from landmark.training.mesh import accelerator_memory, device_here
    from landmark.workflows.resource_check import check_resources, task_of

    here, device_memory = open_workspace(), accelerator_memory()
    values = fitting({"dataset": dataset or newest_dataset(), "network": changed(changes)})
    network = AutoencoderConfiguration.parse(values["network"])
    task = task_of(DatasetStore(here).get(values["dataset"]).manifest, network)
    found = check_resources(here, task, seeds, device_memory=device_memory)
    if as_json:
        answer = {
            "memory": found.memory.host,
            "memory_total": found.memory_total,
            "memory_available": found.memory_available,
            "device": device_here(),
            "device_memory": found.memory.device,
            "device_memory_total": device_memory or 0,
            "loaded": found.memory.loaded,
            "disk": found.disk,
            "disk_free": found.disk_free,
        }
        typer.echo(json.dumps(answer))
        return
    typer.echo(f"{seeds} x {network.epochs} epochs on {device_here()}")
    typer.echo(f"memory: {_of(found.memory.host, found.memory_available)} available now")
    if device_memory:
        typer.echo(f"memory of the device: {_of(found.memory.device, device_memory)}")
    if not found.memory.loaded:
        typer.echo("the dataset is read from the disk while training runs, as it is large for this memory")
    typer.echo(f"disk: {_of(found.disk, found.disk_free)} free")


def _of(needed: int, there: int) -> str:
    return f"{needed / 1e9:.2f} GB of {there / 1e9:.2f} GB"
