"""Commands about stored runs: list, show, export, delete, resume."""

import json
import shutil
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Look at, export and delete stored runs.", no_args_is_help=True, rich_markup_mode=None)

RunId = Annotated[str, typer.Argument(help="Name of a run, as `runs list` prints it.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List unfinished and finished runs, newest last; those that cannot be read here come first."""
    from landmark.store.activity import activities, damaged_requests
    from landmark.store.runs import RunStore
    from landmark.store.workspace import open_workspace

    here = open_workspace()
    rows: list[tuple[str, str, str]] = [
        (item.id, item.state, item.request.submitted) for item in activities(here)
    ]
    rows += [(run.id, "done", run.manifest.started) for run in RunStore(here).all()]
    rows += [
        (item.id, "newer version" if item.newer else "damaged", "")
        for item in [*RunStore(here).unreadable(), *damaged_requests(here)]
    ]
    rows.sort(key=lambda row: row[2])
    if as_json:
        typer.echo(json.dumps([dict(zip(("id", "state", "started"), row, strict=True)) for row in rows]))
        return
    for run_id, state, started in rows:
        typer.echo(f"{run_id:<20} {state:<13} {started}")


@app.command()
def show(run_id: RunId, as_json: Json = False) -> None:
    """Show what a run was and found."""
    from landmark.cli.ask import answer
    from landmark.store.runs import RunStore
    from landmark.store.workspace import open_workspace

    run = RunStore(open_workspace()).get(run_id)
    if as_json:
        typer.echo(run.manifest.model_dump_json())
    else:
        answer(run, as_json=False)


@app.command()
def export(
    run_id: RunId,
    folder: Annotated[Path, typer.Argument(help="Folder to write to; made where it is missing.")],
) -> None:
    """Write the tables of a run as CSV, beside its manifest; an embedding as h5ad too."""
    from landmark.analyses.clusters.export import export_embedding
    from landmark.store.datasets import export_table
    from landmark.store.runs import RunStore
    from landmark.store.workspace import open_workspace

    here = open_workspace()
    run = RunStore(here).get(run_id)
    folder.mkdir(parents=True, exist_ok=True)
    for name in run.tables():
        typer.echo(export_table(run, name, folder))
    if run.kind == "cluster":
        typer.echo(export_embedding(here, run, folder / "embedding.h5ad"))
    shutil.copy(run.folder / "manifest.json", folder / "manifest.json")


@app.command()
def delete(run_id: RunId) -> None:
    """Delete a run, finished or not."""
    from landmark.store.activity import discard
    from landmark.store.runs import RunStore
    from landmark.store.workspace import open_workspace

    here = open_workspace()
    if any(folder.name == run_id for folder in here.unfinished.glob("*/")):
        discard(here, run_id)
    else:
        RunStore(here).delete(run_id)
    typer.echo(f"Deleted {run_id}.")


@app.command()
def resume(run_id: RunId, as_json: Json = False) -> None:
    """Go on with a run that was interrupted, cancelled or failed."""
    from landmark.cli.ask import answer, bar
    from landmark.jobs.perform import perform
    from landmark.store.activity import reopen
    from landmark.store.workspace import open_workspace

    here = open_workspace()
    reopen(here, run_id)
    with bar() as report:
        answer(perform(here, run_id, report), as_json)
