"""How commands ask for a run: what is not said is taken from the newest run or dataset of the kind needed."""

from collections.abc import Iterator, Mapping
from typing import Any

from landmark.analyses.analysis import Analysis
from landmark.analyses.command_line import Parameter, parameters
from landmark.analyses.registry import ANALYSES
from landmark.cli.output import answer, bar
from landmark.errors import BadRun
from landmark.jobs.perform import perform
from landmark.store.datasets import DatasetStore
from landmark.store.request import write_request
from landmark.store.runs import Run, RunStore
from landmark.store.workspace import open_workspace
from landmark.workflows.execute import configuration_of
from landmark.workflows.notes import paper_changes


def answer_run(analysis: Analysis[Any, Any], values: Mapping[str, Any], as_json: bool) -> None:
    """Do what is asked and print what was found; of what made a dataset, the dataset's id."""
    run = do(analysis.name, completed(analysis, values))
    answer(run, as_json, run.manifest.parents["dataset"] if analysis.adopts == "dataset" else "")


def do(kind: str, values: Mapping[str, Any]) -> Run:
    """Do what is asked in this process, in turn with other jobs, and show how far it is."""
    here = open_workspace()
    request = write_request(here, kind, configuration_of(kind, values).model_dump(mode="json"))
    with bar() as report:
        return perform(here, request.id, report)


def completed(analysis: Analysis[Any, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in the datasets and runs that are needed and were not named, and settings that fit them.

    Raises
    ------
    BadRun
        If there is none of the kind needed, or a run that was named does not exist.
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
                else newest_run(newest.kind)
            )
    return fitting(full) if "network" in analysis.configuration.model_fields else full


def newest_dataset() -> str:
    """Return the id of the dataset imported last."""
    datasets = DatasetStore(open_workspace()).all()
    if not datasets:
        raise BadRun("There is no dataset yet. Import one first: python -m landmark import FILE")
    return datasets[0].id


def newest_run(kind: str) -> str:
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
