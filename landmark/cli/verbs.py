"""One command per verb. What is not said is taken from the newest run or dataset of the kind needed."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from landmark.cli.ask import (
    Change,
    DatasetOption,
    Json,
    ModelOption,
    Predictor,
    SetsOption,
    changed,
    dataset_of,
    do,
    fitting,
    newest,
    newest_dataset,
)
from landmark.cli.output import answer
from landmark.data.sources.examples import EXAMPLES
from landmark.errors import BadConfiguration


def examples(as_json: Json = False) -> None:
    """List the built-in examples and where they come from."""
    if as_json:
        typer.echo(json.dumps({name: example.source for name, example in EXAMPLES.items()}))
        return
    for name, example in EXAMPLES.items():
        typer.echo(f"{name}: {example.title}. {example.source}")


def import_(
    path: Annotated[Path | None, typer.Argument(help="File to import.")] = None,
    example: Annotated[str, typer.Option(help="Built-in example instead of a file; see `examples`.")] = "",
    accession: Annotated[str, typer.Option(help="Series of GEO instead of a file, such as GSE10072.")] = "",
    annotations: Annotated[
        Path | None,
        typer.Option(help="Table that describes the samples (CSV, TSV, Excel), joined by sample name."),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--column", help="Annotation to keep, by name; several times; by default all."),
    ] = None,
    names_from: Annotated[
        str, typer.Option(help="Column of the file that names the genes, such as Gene.Symbol.")
    ] = "",
    gene_table: Annotated[
        Path | None,
        typer.Option(help="Table with the gene symbol of every name, for arrays that are not known here."),
    ] = None,
    title: Annotated[str, typer.Option(help="Name shown to people.")] = "",
    held_out: Annotated[float, typer.Option(help="Share of the samples kept for testing.")] = 0.2,
    seed: Annotated[int, typer.Option(help="Seed of the split.")] = 0,
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Import a matrix; prints the id of the dataset."""
    values = {
        "path": str(path.resolve()) if path else "",
        "example": example,
        "accession": accession,
        "annotations": str(annotations.resolve()) if annotations else "",
        "columns": tuple(columns) if columns else None,
        "names_from": names_from,
        "gene_table": str(gene_table.resolve()) if gene_table else "",
        "title": title,
        "held_out": held_out,
        "seed": seed,
    }
    run = do("import", values | changed(changes))
    answer(run, as_json, run.manifest.parents["dataset"])


def train(
    dataset: DatasetOption = "",
    preset: Annotated[str, typer.Option(help="Only `paper`: the published settings.")] = "paper",
    seed: Annotated[int, typer.Option(help="Seed of the network and of the order of samples.")] = 0,
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Train the autoencoder."""
    if preset != "paper":
        raise BadConfiguration(
            f"preset = {preset!r}: the only preset is 'paper'; change settings with --with"
        )
    values = {"dataset": dataset or newest_dataset(), "network": {"seed": seed} | changed(changes)}
    answer(do("train", fitting(values)), as_json)


def rank(model: ModelOption = "", changes: Change = None, as_json: Json = False) -> None:
    """Rank the genes by their contribution to the bottleneck."""
    answer(do("rank", {"model": model or newest("train")} | changed(changes)), as_json)


def compare(
    sets: SetsOption = None,
    dataset: DatasetOption = "",
    predictor: Predictor = "ridge",
    seed: Annotated[int, typer.Option(help="Seed of the random sets.")] = 0,
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Compare gene sets by how well they predict the other genes."""
    values = {
        "dataset": dataset or dataset_of(sets or []) or newest_dataset(),
        "sets": tuple(sets or ("L1000",)),
        "predictor": predictor,
        "seed": seed,
    }
    answer(do("compare", values | changed(changes)), as_json)


def path(
    example: Annotated[str, typer.Option(help="Built-in example to walk the path with.")] = "gdsc",
    dataset: Annotated[str, typer.Option(help="A dataset that is there already, instead.")] = "",
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Walk the paper's whole path: import, train, rank, compare, cluster."""
    answer(do("path", fitting({"example": example, "dataset": dataset} | changed(changes))), as_json)


def seeds(
    dataset: DatasetOption = "",
    number: Annotated[int, typer.Option("--seeds", help="How often everything is repeated, 2 to 20.")] = 3,
    first: Annotated[
        int, typer.Option("--first-seed", help="The first seed; the others are the numbers after it.")
    ] = 0,
    predictor: Predictor = "ridge",
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Train, rank, compare and cluster with several seeds, and show how far every figure moves."""
    values: dict[str, Any] = {
        "dataset": dataset or newest_dataset(),
        "seeds": number,
        "first_seed": first,
        "predictor": predictor,
    } | changed(changes)
    answer(do("seeds", fitting(values)), as_json)
