"""Commands about data: what examples there are, and a dataset as a file for other programs."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from landmark.cli.commands import Json
from landmark.errors import BadConfiguration


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
    dataset: Annotated[str, typer.Argument(help="Id of a dataset, as `import` prints it.")],
    form: Annotated[
        Format | None, typer.Option("--format", help="Format; by default what the ending of --to says.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="File to write; by default named by the dataset's id, in this folder.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write a dataset as a file for other programs: GCT, GCTX, h5ad, CSV or Parquet."""
    from landmark.cli.ask import bar
    from landmark.store.datasets import DatasetStore, export_dataset
    from landmark.store.workspace import open_workspace

    if form is None and to is None:
        raise BadConfiguration("give the format with --format, or a file with its ending with --to")
    stored = DatasetStore(open_workspace()).get(dataset)
    path = to or Path(f"{stored.id}.{form}")
    if form and path.suffix.lower() != f".{form}":
        raise BadConfiguration(f"--to {path}: the ending of a {form} file is .{form}")
    with bar() as report:
        export_dataset(stored, path, report)
    if as_json:
        about = stored.manifest
        typer.echo(
            json.dumps(
                {
                    "id": stored.id,
                    "kind": "export",
                    "metrics": {"samples": about.samples, "genes": about.genes},
                    "files": {path.name: str(path)},
                }
            )
        )
    else:
        typer.echo(path)
