"""Commands about what samples and chosen genes mean: clusters of samples, functions of a set."""

from pathlib import Path
from typing import Annotated

import typer

from landmark.analyses.ranking.results import RankResults
from landmark.cli.ask import (
    Change,
    DatasetOption,
    Json,
    ModelOption,
    changed,
    do,
    newest,
    newest_dataset,
)
from landmark.cli.output import answer
from landmark.runs.home import home
from landmark.runs.store import RunStore


def cluster(
    model: ModelOption = "",
    dataset: Annotated[
        str, typer.Option(help="Dataset to embed; by default the one that the model was trained on.")
    ] = "",
    label: Annotated[str, typer.Option(help="Annotation column; by default one that fits.")] = "",
    group: Annotated[list[str] | None, typer.Option(help="Value of the label to include.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of UMAP, permuted labels and intervals.")] = 0,
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Cluster samples by their bottleneck values."""
    values = {
        "model": model or newest("train"),
        "dataset": dataset,
        "label": label,
        "groups": tuple(group or ()),
        "seed": seed,
    }
    answer(do("cluster", values | changed(changes)), as_json)


def enrich(
    set_: Annotated[
        str,
        typer.Option(
            "--set",
            help="L1000, variable, <ranking run>:<genes>, list:<file> or <cluster run>:<cluster>; by default the "
            "newest ranking's set.",
        ),
    ] = "",
    dataset: DatasetOption = "",
    gmt: Annotated[
        Path | None, typer.Option(help="GMT file with the terms; by default GO molecular function.")
    ] = None,
    background: Annotated[
        str,
        typer.Option(
            help="both (genes of the dataset that any term names), measured (genes of the dataset) or annotated "
            "(genes of any term)."
        ),
    ] = "both",
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Ask which functions are over-represented in a gene set."""
    given = changed(changes)
    known = RunStore(home())
    chosen = set_ or ("" if "genes" in given else _newest_set(known, dataset))
    values = {
        "dataset": dataset or _dataset_of(known, chosen) or newest_dataset(),
        "set": chosen,
        "gmt": str(gmt.resolve()) if gmt else "",
        "background": background,
    }
    answer(do("enrich", values | given), as_json)


def _newest_set(known: RunStore, dataset: str) -> str:
    """Return the set of the newest ranking, of a dataset where one is named, or L1000 where there is none."""
    ranking = known.newest("rank", **({"dataset": dataset} if dataset else {}))
    return f"{ranking.id}:{RankResults.read(ranking.manifest.metrics).cut}" if ranking else "L1000"


def _dataset_of(known: RunStore, chosen: str) -> str:
    """Return the dataset that the ranking or clustering behind a set was made from."""
    run_id = chosen.partition(":")[0]
    if run_id.startswith(("rank-", "cluster-")):
        return known.get(run_id).manifest.parents["dataset"]
    return ""
