"""Commands about predictors of genes: fit one, and explain what it predicts."""

from typing import Annotated

import typer

from landmark.cli.ask import (
    Change,
    Covariate,
    DatasetOption,
    Json,
    Predictor,
    changed,
    dataset_of,
    do,
    newest,
    newest_dataset,
)
from landmark.cli.output import answer


def fit(
    gene_set: Annotated[
        str, typer.Option("--set", help="L1000, variable, <ranking run>:<genes> or list:<file>.")
    ] = "L1000",
    dataset: DatasetOption = "",
    predictor: Predictor = "ridge",
    covariate: Covariate = "",
    seed: Annotated[int, typer.Option(help="Seed of the samples that judge settings.")] = 0,
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Fit a predictor of all other genes on one gene set, and keep it."""
    values = {
        "dataset": dataset or dataset_of([gene_set]) or newest_dataset(),
        "set": gene_set,
        "predictor": predictor,
        "covariate": covariate,
        "seed": seed,
    }
    answer(do("fit", values | changed(changes)), as_json)


def explain(
    genes: Annotated[list[str], typer.Option("--gene", help="Target gene; may be given several times.")],
    fitted: Annotated[str, typer.Option("--fit", help="Fitted predictor; by default the newest.")] = "",
    label: Annotated[
        str, typer.Option(help="Annotation column of the sample groups; by default one that fits.")
    ] = "",
    reference: Annotated[str, typer.Option(help="training mean, zero or group mean.")] = "training mean",
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Explain which landmark genes drive the prediction of some genes."""
    values = {
        "fit": fitted or newest("fit"),
        "targets": tuple(genes),
        "label": label,
        "reference": reference,
    }
    answer(do("explain", values | changed(changes)), as_json)
