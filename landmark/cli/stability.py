"""The command that asks whether a choice of genes would be the same again."""

from typing import Annotated

from typer import Option

from landmark.cli.ask import Change, Json, changed, do, newest
from landmark.cli.output import answer


def stability(
    select: Annotated[str, Option(help="Selection to repeat; by default the newest.")] = "",
    seeds: Annotated[int, Option(help="Number of seeds, that of the selection included; 1 for none.")] = 3,
    halves: Annotated[
        int, Option(help="How often the training samples are divided into two halves; 0 for none.")
    ] = 2,
    epochs: Annotated[
        int,
        Option(help="Epochs of the networks trained on halves; by default as many as the selection's have."),
    ] = 0,
    threshold: Annotated[float, Option(help="Correlation from which two genes count as exchangeable.")] = 0.8,
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Repeat a selection with other seeds and on halves of the samples: would the choice be the same?"""
    values = {
        "select": select or newest("select"),
        "seeds": seeds,
        "halves": halves,
        "epochs": epochs,
        "threshold": threshold,
    }
    answer(do("stability", values | changed(changes)), as_json)
