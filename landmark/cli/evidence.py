"""Commands that weigh gene sets: by their size, and on another platform."""

from typing import Annotated

import typer

from landmark.cli.ask import (
    Change,
    Covariate,
    DatasetOption,
    Json,
    Predictor,
    SetsOption,
    changed,
    dataset_of,
    do,
    newest_dataset,
)
from landmark.cli.output import answer


def size(
    sets: SetsOption = None,
    dataset: DatasetOption = "",
    predictor: Annotated[
        str, typer.Option(help="ridge (every size at once), knn, dgex or graph (a few sizes).")
    ] = "ridge",
    seed: Annotated[int, typer.Option(help="Seed of the random orders.")] = 0,
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Follow how well gene sets predict the other genes as they grow."""
    values = {
        "dataset": dataset or dataset_of(sets or []) or newest_dataset(),
        "sets": tuple(sets or ("L1000",)),
        "predictor": predictor,
        "seed": seed,
    }
    answer(do("size", values | changed(changes)), as_json)


def infer(
    gene_set: Annotated[
        str,
        typer.Option(
            "--set",
            help="L1000, variable, <ranking run>:<genes>, <selection run>:<genes> or list:<file>.",
        ),
    ] = "L1000",
    predictors: Annotated[
        list[str] | None,
        typer.Option(
            "--predictor", help="ridge, knn, dgex or graph; several times; by default ridge and knn."
        ),
    ] = None,
    dataset: DatasetOption = "",
    covariate: Covariate = "",
    size: Annotated[int | None, typer.Option(help="Only the first so many genes of the set.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of what is drawn.")] = 0,
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Infer whole samples from one gene set by several predictors."""
    values = {
        "dataset": dataset or dataset_of([gene_set]) or newest_dataset(),
        "set": gene_set,
        "covariate": covariate,
        "size": size,
        "seed": seed,
    } | ({"predictors": tuple(predictors)} if predictors else {})
    answer(do("infer", values | changed(changes)), as_json)


def cross_platform(
    other: Annotated[str, typer.Option(help="Dataset to predict, measured in another way, such as RNA-seq.")],
    sets: SetsOption = None,
    dataset: Annotated[
        str, typer.Option(help="Dataset to learn from; by default that of the first ranking among the sets.")
    ] = "",
    predictor: Predictor = "ridge",
    seed: Annotated[int, typer.Option(help="Seed of the random sets.")] = 0,
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Learn on one dataset and predict another, measured on another platform."""
    values = {
        "dataset": dataset or dataset_of(sets or []) or newest_dataset(),
        "other": other,
        "sets": tuple(sets or ("L1000",)),
        "predictor": predictor,
        "seed": seed,
    }
    answer(do("cross-platform", values | changed(changes)), as_json)
