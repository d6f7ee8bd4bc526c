"""Commands about what is stored: examples, datasets as files for other programs, and runs."""

import json
import shutil
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from landmark.cli.commands import Json
from landmark.errors import BadConfiguration

app = typer.Typer(help="Look at, export and delete stored runs.", no_args_is_help=True, rich_markup_mode=None)

RunId = Annotated[str, typer.Argument(help="Name of a run, as `runs list` prints it.")]
PlainJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def examples(as_json: Json = False) -> None:
    """List the built-in examples and where they come from."""
    from landmark.data.sources.examples import EXAMPLES

    if as_json:
        typer.echo(json.dumps({name: example.source for name, example in EXAMPLES.items()}))
        return
    for name, example in EXAMPLES.items():
        typer.echo(f"{name}: {example.title}. {example.source}")


class Format(StrEnum):
    """Formats of the field."""

    CSV = "csv"
    GCT = "gct"
    GCTX = "gctx"
    H5AD = "h5ad"
    PARQUET = "parquet"


def export(
    dataset: Annotated[
        str, typer.Argument(help="Id of a dataset, as `import` prints it, or of a run of `infer`.")
    ],
    form: Annotated[
        Format | None, typer.Option("--format", help="Format; by default what the ending of --to says.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="File to write; by default named by the dataset's id, in this folder.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write a dataset or complete profiles as a file for other programs: GCT, GCTX, h5ad, CSV or Parquet."""
    from landmark.cli.ask import bar
    from landmark.store.datasets import DatasetStore, export_dataset
    from landmark.store.profiles import export_profiles
    from landmark.store.runs import RunStore
    from landmark.store.workspace import open_workspace

    if form is None and to is None:
        raise BadConfiguration("give the format with --format, or a file with its ending with --to")
    path = to or Path(f"{dataset}.{form}")
    if form and path.suffix.lower() != f".{form}":
        raise BadConfiguration(f"--to {path}: the ending of a {form} file is .{form}")
    with bar() as report:
        if dataset.startswith("profiles-"):
            run = RunStore(open_workspace()).get(dataset, "profiles")
            export_profiles(run, path, report)
            found = run.manifest.metrics
            about = {name: found[name] for name in ("samples", "genes")}
        else:
            stored = DatasetStore(open_workspace()).get(dataset)
            export_dataset(stored, path, report)
            about = {"samples": stored.manifest.samples, "genes": stored.manifest.genes}
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "id": dataset,
                    "kind": "export",
                    "metrics": about,
                    "files": {path.name: str(path)},
                }
            )
        )
    else:
        typer.echo(path)


@app.command("list")
def list_(as_json: PlainJson = False) -> None:
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
def show(run_id: RunId, as_json: PlainJson = False) -> None:
    """Show what a run was and found."""
    from landmark.cli.ask import answer
    from landmark.store.runs import RunStore
    from landmark.store.workspace import open_workspace

    run = RunStore(open_workspace()).get(run_id)
    if as_json:
        typer.echo(run.manifest.model_dump_json())
    else:
        answer(run, as_json=False)


@app.command("export")
def export_run(
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
def resume(run_id: RunId, as_json: PlainJson = False) -> None:
    """Go on with a run that was interrupted, cancelled or failed."""
    from landmark.cli.ask import answer, bar
    from landmark.jobs.perform import perform
    from landmark.store.activity import reopen
    from landmark.store.workspace import open_workspace

    here = open_workspace()
    reopen(here, run_id)
    with bar() as report:
        answer(perform(here, run_id, report), as_json)
