"""The command that chooses genes."""

from typing import Annotated

from typer import Option

from landmark.analyses.choices import NEED_MODELS, STRATEGIES
from landmark.cli.ask import Change, DatasetOption, Json, changed, do, newest, newest_dataset
from landmark.cli.output import answer
from landmark.runs.home import home
from landmark.runs.store import RunStore


def select(
    model: Annotated[
        list[str] | None,
        Option(help="Training run that the strategy asks; several times; by default the newest."),
    ] = None,
    dataset: DatasetOption = "",
    size: Annotated[int, Option(help="Number of genes; by default as many as L1000 has here.")] = 0,
    strategy: Annotated[str, Option(help=f"{', '.join(STRATEGIES[:-1])} or {STRATEGIES[-1]}.")] = "blend",
    start: Annotated[str, Option(help="Set to extend: L1000:<genes>, list:<file>, ...")] = "",
    contain: Annotated[list[str] | None, Option(help="Gene that must be chosen; several times.")] = None,
    never: Annotated[list[str] | None, Option(help="Gene that must not be chosen; several times.")] = None,
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Choose genes that together say most of all others."""
    models = tuple(model or ()) or ((_newest_model(dataset),) if strategy in NEED_MODELS else ())
    values = {
        "dataset": dataset or (_dataset(models[0]) if models else newest_dataset()),
        "strategy": strategy,
        "models": models,
        "size": size,
        "start": start,
        "contain": tuple(contain or ()),
        "never": tuple(never or ()),
    }
    answer(do("select", values | changed(changes)), as_json)


def _newest_model(dataset: str) -> str:
    runs = RunStore(home()).all("train")
    of_dataset = [run.id for run in runs if dataset in ("", run.manifest.parents["dataset"])]
    return of_dataset[0] if of_dataset else newest("train")


def _dataset(model: str) -> str:
    return RunStore(home()).get(model, "train").manifest.parents["dataset"]
