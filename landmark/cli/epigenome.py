"""Commands about histone marks: bring profiles in, learn expression from them, explain genes."""

from pathlib import Path
from typing import Annotated

import typer

from landmark.cli.ask import Change, Json, changed, do, newest
from landmark.cli.output import answer


def histones(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="CSV file, one of three named train, valid and test, or a folder with those of several cell types."
        ),
    ] = None,
    example: Annotated[str, typer.Option(help="Built-in example instead of files: simulated.")] = "",
    title: Annotated[str, typer.Option(help="Name shown to people.")] = "",
    seed: Annotated[int, typer.Option(help="Seed of the split and of the example.")] = 0,
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Bring in histone profiles in DeepChrome's layout, or simulated ones."""
    values = {
        "path": str(path.resolve()) if path else "",
        "example": example,
        "title": title,
        "seed": seed,
    }
    answer(do("histones", values | changed(changes)), as_json)


def deepchrome(
    profiles: Annotated[
        str, typer.Option("--histones", help="Run with histone profiles; by default the newest.")
    ] = "",
    cell_type: Annotated[
        list[str] | None, typer.Option(help="Cell type to train on; several times; by default all.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of permuted labels, intervals and patterns.")] = 0,
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Train DeepChrome: learn from histone marks which genes are expressed."""
    values = {
        "histones": profiles or newest("histones"),
        "cell_types": tuple(cell_type or ()),
        "seed": seed,
    }
    answer(do("deepchrome", values | changed(changes)), as_json)


def marks(
    genes: Annotated[list[str], typer.Option("--gene", help="Gene to explain; may be given several times.")],
    network: Annotated[str, typer.Option("--deepchrome", help="DeepChrome run; by default the newest.")] = "",
    cell_type: Annotated[str, typer.Option(help="Cell type; by default the first of the run.")] = "",
    reference: Annotated[str, typer.Option(help="zero or training mean.")] = "zero",
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Explain which marks in which bins made DeepChrome call genes expressed or unexpressed."""
    values = {
        "deepchrome": network or newest("deepchrome"),
        "cell_type": cell_type,
        "genes": tuple(genes),
        "reference": reference,
    }
    answer(do("marks", values | changed(changes)), as_json)
