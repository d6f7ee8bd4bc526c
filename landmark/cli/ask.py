"""How commands ask for a run, show how far it is, and print what was found."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from landmark.analyses.analysis import Analysis
from landmark.analyses.command_line import Parameter, parameters
from landmark.analyses.registry import ANALYSES
from landmark.errors import BadRun
from landmark.jobs.perform import perform
from landmark.progress import Progress, Report
from landmark.store.datasets import DatasetStore
from landmark.store.request import write_request
from landmark.store.runs import Run, RunStore
from landmark.store.workspace import open_workspace
from landmark.workflows.execute import configuration_of
from landmark.workflows.notes import paper_changes


@contextmanager
def bar() -> Iterator[Report]:
    """Show progress on standard error, so that standard output stays clean for the answer."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as shown:
        task = shown.add_task("Starting", total=None)
        stage = ""

        def report(progress: Progress) -> None:
            nonlocal stage
            if progress.stage != stage:
                stage = progress.stage
                shown.reset(task, total=progress.total or None)
            elif not (progress.done or progress.total):  # a bare sign of life
                return
            figures = "".join(
                f"  {name.replace('_', ' ')} {value:.4g}" for name, value in progress.values.items()
            )
            shown.update(
                task, description=stage + figures, completed=progress.done, total=progress.total or None
            )

        yield report


def answer(run: Run, as_json: bool, run_id: str = "") -> None:
    """Print what a run found."""
    result: dict[str, Any] = {
        "id": run_id or run.id,
        "kind": run.kind,
        "metrics": dict(run.manifest.metrics),
        "notes": list(run.manifest.notes),
        "files": {name: str(run.folder / file) for name, file in run.manifest.files.items()},
    }
    if as_json:
        print(json.dumps(result))
        return
    print(result["id"])
    for name, value in _flat(result["metrics"]):
        print(f"  {name}: {value:.4g}" if isinstance(value, float) else f"  {name}: {value}")
    print(f"  files in {run.folder}")
    for note in run.manifest.notes:
        print(f"  note: {note}")


def _flat(metrics: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in metrics.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def answer_run(analysis: Analysis[Any, Any], values: Mapping[str, Any], as_json: bool) -> None:
    """Do what is asked and print what was found; of what made a dataset, the dataset's id."""
    run = do(analysis.name, _completed(analysis, values))
    answer(run, as_json, run.manifest.parents["dataset"] if analysis.adopts == "dataset" else "")


def do(kind: str, values: Mapping[str, Any]) -> Run:
    """Do what is asked in this process, in turn with other jobs, and show how far it is."""
    here = open_workspace()
    request = write_request(here, kind, configuration_of(kind, values).model_dump(mode="json"))
    with bar() as report:
        return perform(here, request.id, report)


def _completed(analysis: Analysis[Any, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in the datasets and runs that are needed and were not named, and settings that fit them.

    BadRun if there is none of the kind needed, or a run that was named does not exist.
    """
    store = RunStore(open_workspace())
    full = dict(analysis.complete(values, store))
    needed = [
        (one, one.newest)
        for one in parameters(analysis.configuration)
        if one.field.is_required() and one.newest
    ]
    for parameter, newest in needed:
        if not full.get(parameter.name):
            full[parameter.name] = (
                _dataset_behind(analysis, full, store)
                if newest.kind == "dataset"
                else _newest_run(newest.kind)
            )
    return fitting(full) if "network" in analysis.configuration.model_fields else full


def newest_dataset() -> str:
    """Return the id of the dataset imported last."""
    datasets = DatasetStore(open_workspace()).all()
    if not datasets:
        raise BadRun("There is no dataset yet. Import one first: python -m landmark import FILE")
    return datasets[0].id


def _newest_run(kind: str) -> str:
    """Return the id of the newest run of a kind."""
    run = RunStore(open_workspace()).newest(kind)
    if run is None:
        raise BadRun(f"There is no {kind} run yet. Make one first: python -m landmark {kind}")
    return run.id


def fitting(values: dict[str, Any]) -> dict[str, Any]:
    """Let the network be as small as the dataset calls for, where nothing else was asked.

    A dataset that is not there, and a network that is none, are left to whoever is asked for the run.
    """
    asked = values.get("network", {})
    known = [found for found in DatasetStore(open_workspace()).all() if found.id == values.get("dataset")]
    if not known or not isinstance(asked, dict):
        return values
    return values | {"network": paper_changes(known[0].manifest) | asked}


def _dataset_behind(analysis: Analysis[Any, Any], values: Mapping[str, Any], store: RunStore) -> str:
    """Return the dataset of the first run among the values, such as a ranking that gives a set, or the newest."""
    for parameter in parameters(analysis.configuration):
        if parameter.names_sets or parameter.newest:
            for run_id in _runs_in(parameter, values.get(parameter.name)):
                return store.get(run_id).manifest.parents["dataset"]
    return newest_dataset()


def _runs_in(parameter: Parameter, value: Any) -> Iterator[str]:
    for text in value if isinstance(value, tuple) else (value or "",):
        run_id = str(text).partition(":")[0]
        if run_id.rpartition("-")[0] in ANALYSES:
            yield run_id
