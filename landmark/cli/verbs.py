"""One command per verb. What is not said is taken from the newest run or dataset of the kind needed."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from landmark.cli.output import answer, bar
from landmark.errors import BadConfiguration, BadRun
from landmark.expression.examples import EXAMPLES
from landmark.jobs.perform import perform
from landmark.runs.datasets import DatasetStore
from landmark.runs.home import home
from landmark.runs.request import write_request
from landmark.runs.store import Run, RunStore
from landmark.workflows.execute import configuration_of

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object: id, kind, metrics, files.")]
DatasetOption = Annotated[str, typer.Option(help="Dataset id; by default the newest dataset.")]
ModelOption = Annotated[str, typer.Option(help="Training run; by default the newest.")]
Change = Annotated[
    list[str] | None,
    typer.Option("--with", help="Change a setting, as name=value; may be given several times. See README."),
]


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
        "title": title,
        "held_out": held_out,
        "seed": seed,
    }
    run = _do("import", values | _changed(changes))
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
    values = {"dataset": dataset or _newest_dataset(), "network": {"seed": seed} | _changed(changes)}
    answer(_do("train", values), as_json)


def rank(model: ModelOption = "", changes: Change = None, as_json: Json = False) -> None:
    """Rank the genes by their contribution to the bottleneck."""
    answer(_do("rank", {"model": model or _newest("train")} | _changed(changes)), as_json)


def compare(
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", help="L1000, variable, <ranking run>:<genes>, list:<file>; several times."),
    ] = None,
    dataset: DatasetOption = "",
    predictor: Annotated[str, typer.Option(help="ridge, knn or dgex.")] = "ridge",
    seed: Annotated[int, typer.Option(help="Seed of the random sets.")] = 0,
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Compare gene sets by how well they predict the other genes."""
    values = {
        "dataset": dataset or _dataset_of(sets or []) or _newest_dataset(),
        "sets": tuple(sets or ("L1000",)),
        "predictor": predictor,
        "seed": seed,
    }
    answer(_do("compare", values | _changed(changes)), as_json)


def cluster(
    model: ModelOption = "",
    label: Annotated[str, typer.Option(help="Annotation column; by default one that fits.")] = "",
    group: Annotated[list[str] | None, typer.Option(help="Value of the label to include.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of UMAP.")] = 0,
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Cluster samples by their bottleneck values."""
    values = {"model": model or _newest("train"), "label": label, "groups": tuple(group or ()), "seed": seed}
    answer(_do("cluster", values | _changed(changes)), as_json)


def path(
    example: Annotated[str, typer.Option(help="Built-in example to walk the path with.")] = "gdsc",
    dataset: Annotated[str, typer.Option(help="A dataset that is there already, instead.")] = "",
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Walk the paper's whole path: import, train, rank, compare, cluster."""
    answer(_do("path", {"example": example, "dataset": dataset} | _changed(changes)), as_json)


def seeds(
    dataset: DatasetOption = "",
    number: Annotated[int, typer.Option("--seeds", help="How often everything is repeated, 2 to 20.")] = 3,
    first: Annotated[
        int, typer.Option("--first-seed", help="The first seed; the others are the numbers after it.")
    ] = 0,
    predictor: Annotated[str, typer.Option(help="ridge, knn or dgex.")] = "ridge",
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Train, rank, compare and cluster with several seeds, and show how far every figure moves."""
    values = {
        "dataset": dataset or _newest_dataset(),
        "seeds": number,
        "first_seed": first,
        "predictor": predictor,
    }
    answer(_do("seeds", values | _changed(changes)), as_json)


def _do(kind: str, values: dict[str, Any]) -> Run:
    here = home()
    request = write_request(here, kind, configuration_of(kind, values).model_dump(mode="json"))
    with bar() as report:
        return perform(here, request.id, report)


def _changed(changes: list[str] | None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for change in changes or ():
        name, sign, value = change.partition("=")
        if not sign:
            raise BadConfiguration(f"--with {change}: write it as name=value")
        *groups, name = (part.strip() for part in name.split("."))
        inner = values
        for group in groups:  # dgex.epochs=20 is the setting epochs within dgex
            inner = inner.setdefault(group, {})
            if not isinstance(inner, dict):
                raise BadConfiguration(f"--with {change}: {group} was given a value of its own before")
        inner[name] = value.strip()
    return values


def _newest_dataset() -> str:
    datasets = DatasetStore(home()).all()
    if not datasets:
        raise BadRun("There is no dataset yet. Import one first: python -m landmark import FILE")
    return datasets[0].id


def _newest(kind: str) -> str:
    run = RunStore(home()).newest(kind)
    if run is None:
        raise BadRun(f"There is no {kind} run yet. Make one first: python -m landmark {kind}")
    return run.id


def _dataset_of(sets: list[str]) -> str:
    """Return the dataset that the first ranking among the sets was made from."""
    for name in sets:
        run_id, colon, _ = name.rpartition(":")
        if colon and run_id.startswith("rank-"):
            return RunStore(home()).get(run_id, "rank").manifest.parents["dataset"]
    return ""
