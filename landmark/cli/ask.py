"""What commands share: their common options, and how they ask for a run."""

from typing import Annotated, Any

import typer

from landmark.cli.output import bar
from landmark.errors import BadConfiguration, BadRun
from landmark.jobs.perform import perform
from landmark.runs.datasets import DatasetStore
from landmark.runs.home import home
from landmark.runs.request import write_request
from landmark.runs.store import Run, RunStore
from landmark.workflows.execute import configuration_of
from landmark.workflows.small_data import paper_changes

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object: id, kind, metrics, notes, files.")]
DatasetOption = Annotated[str, typer.Option(help="Dataset id; by default the newest dataset.")]
ModelOption = Annotated[str, typer.Option(help="Training run; by default the newest.")]
SetsOption = Annotated[
    list[str] | None,
    typer.Option("--set", help="L1000, variable, <ranking run>:<genes>, list:<file>; several times."),
]
Predictor = Annotated[str, typer.Option(help="ridge, knn, dgex or graph.")]
Covariate = Annotated[
    str, typer.Option(help="Annotation, such as tissue, to predict from beside the genes; by default none.")
]
Change = Annotated[
    list[str] | None,
    typer.Option(
        "--with", help="Change a setting, as name=value; may be given several times. See `choices`."
    ),
]


def do(kind: str, values: dict[str, Any]) -> Run:
    """Do what is asked in this process, in turn with other jobs, and show how far it is."""
    here = home()
    request = write_request(here, kind, configuration_of(kind, values).model_dump(mode="json"))
    with bar() as report:
        return perform(here, request.id, report)


def changed(changes: list[str] | None) -> dict[str, Any]:
    """Turn ``--with`` name=value pairs into nested settings."""
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


def newest_dataset() -> str:
    """Return the id of the dataset imported last."""
    datasets = DatasetStore(home()).all()
    if not datasets:
        raise BadRun("There is no dataset yet. Import one first: python -m landmark import FILE")
    return datasets[0].id


def newest(kind: str) -> str:
    """Return the id of the newest run of a kind."""
    run = RunStore(home()).newest(kind)
    if run is None:
        raise BadRun(f"There is no {kind} run yet. Make one first: python -m landmark {kind}")
    return run.id


def fitting(values: dict[str, Any]) -> dict[str, Any]:
    """Let the network be as small as the dataset calls for, where nothing else was asked.

    A dataset that is not there, and a network that is none, are left to whoever is asked for the run.
    """
    asked = values.get("network", {})
    known = [found for found in DatasetStore(home()).all() if found.id == values["dataset"]]
    if not known or not isinstance(asked, dict):
        return values
    return values | {"network": paper_changes(known[0].manifest) | asked}


def dataset_of(sets: list[str]) -> str:
    """Return the dataset that the first ranking or selection among the sets was made from."""
    for name in sets:
        run_id = name.partition(":")[0]
        if run_id.startswith(("rank-", "select-")):
            return RunStore(home()).get(run_id).manifest.parents["dataset"]
    return ""
