"""The command that lets ways of choosing genes compete."""

from typing import Annotated

from typer import Option

from landmark.cli.ask import Change, DatasetOption, Json, changed, do, newest_dataset
from landmark.cli.output import answer


def tournament(
    dataset: DatasetOption = "",
    strategy: Annotated[
        list[str] | None,
        Option(
            help="Way of choosing: ranking, reconstruction, blend, measured, concrete, variable or random; several "
            "times; by default all but concrete."
        ),
    ] = None,
    size: Annotated[
        list[int] | None,
        Option(
            help="Number of genes; several times; by default as many as L1000 has here, half and a quarter."
        ),
    ] = None,
    predictor: Annotated[
        list[str] | None,
        Option(help="ridge, knn, dgex or graph; several times; by default ridge and knn."),
    ] = None,
    folds: Annotated[int, Option(help="Parts that the samples are divided into.")] = 5,
    seeds: Annotated[int, Option(help="How often everything is repeated, with other folds.")] = 1,
    groups: Annotated[
        str, Option(help="Annotation, such as tissue, whose groups are held out as a whole.")
    ] = "",
    balance: Annotated[
        str, Option(help="Annotation, such as tissue, of which every fold gets its share.")
    ] = "",
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Let ways of choosing genes compete on samples that none of them has seen."""
    chosen = {"strategies": strategy, "sizes": size, "predictors": predictor}
    values = {
        "dataset": dataset or newest_dataset(),
        "folds": folds,
        "seeds": seeds,
        "groups": groups,
        "balance": balance,
        **{name: tuple(value) for name, value in chosen.items() if value},
    }
    answer(do("tournament", values | changed(changes)), as_json)
