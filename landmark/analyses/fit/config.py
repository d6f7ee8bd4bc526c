"""Which predictor to fit, and on what. Imports no numerical library."""

from typing import Annotated

from pydantic import Field

from landmark.analyses.choices import CovariateChoice, DatasetId, GeneSetRef, PredictorChoice
from landmark.configuration import Asked, left_open

PREDICTIONS = "predictions"
"""Name under which a run keeps measured and predicted values of its test samples; see ``runs.predictions``."""


class FitConfiguration(PredictorChoice, CovariateChoice):
    """Learn to predict all other genes from those of one set, and keep what was learned."""

    dataset: DatasetId = Field(description="The dataset to learn from.")
    set: Annotated[GeneSetRef, Asked(said=True)] = Field(
        "L1000", description="The set: L1000, variable, <ranking run>:<number of genes>, or list:<file>."
    )
    size: int | None = Field(
        None, ge=1, description="Take only the first so many genes of the set; empty for all."
    )
    seed: int = left_open(
        0,
        "Seed of the samples on which settings such as the penalty are judged, and of networks that name none of their "
        "own.",
        ge=0,
    )
