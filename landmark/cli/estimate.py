"""The command that says what a training will cost, before it starts."""

import json
from typing import Annotated

import typer

from landmark.cli.commands import Change, changed


def estimate(
    dataset: Annotated[str, typer.Option(help="Dataset id; by default the newest dataset.")] = "",
    seeds: Annotated[int, typer.Option(min=1, help="How many such trainings, one after the other.")] = 1,
    changes: Change = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object: seconds, bytes of memory and disk, speed.")
    ] = False,
) -> None:
    """Estimate time, memory and disk of a training on this machine; ends with 2 where it will not fit."""
    from landmark.cli.ask import fitting, newest_dataset
    from landmark.models.settings import AutoencoderConfiguration
    from landmark.store.datasets import DatasetStore
    from landmark.store.workspace import open_workspace
    from landmark.workflows.room import check_room, seconds, task_of

    here = open_workspace()
    values = fitting({"dataset": dataset or newest_dataset(), "network": changed(changes)})
    network = AutoencoderConfiguration.parse(values["network"])
    task = task_of(DatasetStore(here).get(values["dataset"]).manifest, network)
    found = check_room(here, task, seeds)
    # Only here, after the refusals: what measures is slow to import.
    from landmark.workflows.measuring import measured_step

    known = measured_step(here, task)
    found = check_room(here, task, seeds)  # now with the memory of an accelerator
    took = seconds(known, task, found.memory.loaded) or 0.0
    speed = network.batch_size / known.step_seconds[task.step]
    answer = {
        "seconds": seeds * took,
        "samples_per_second": speed,
        "share_of_matrix_rate": speed * task.size.flop_per_sample / known.matrix_rate,
        "matrix_rate": known.matrix_rate,
        "memory": found.memory.host,
        "memory_total": found.memory_total,
        "memory_available": found.memory_available,
        "device": known.device,
        "device_memory": found.memory.device,
        "device_memory_total": found.device_memory or 0,
        "loaded": found.memory.loaded,
        "disk": found.disk,
        "disk_free": found.disk_free,
    }
    if as_json:
        typer.echo(json.dumps(answer))
        return
    typer.echo(
        f"about {answer['seconds']:,.0f} seconds for {seeds} x {network.epochs} epochs on {known.device}"
    )
    share = answer["share_of_matrix_rate"]
    typer.echo(f"{speed:,.0f} samples per second, {share:.0%} of this machine's matrix-product rate")
    typer.echo(
        f"memory: {_gigabytes(found.memory.host)} of {_gigabytes(found.memory_available)} available now"
    )
    if found.device_memory:
        typer.echo(
            f"memory of the device: {_gigabytes(found.memory.device)} of {_gigabytes(found.device_memory)}"
        )
    if not found.memory.loaded:
        typer.echo("the dataset is read from the disk while training runs, as it is large for this memory")
    typer.echo(f"disk: {_gigabytes(found.disk)} of {_gigabytes(found.disk_free)} free")


def _gigabytes(count: float) -> str:
    return f"{count / 1e9:.2f} GB"
