"""Which predictor to fit, and on what. Imports no numerical library."""

from typing import Literal

from pydantic import Field

from landmark.configuration import Configuration, left_open
from landmark.training.configuration import DgexConfiguration
from landmark.workflows.configuration.names import DatasetId

PREDICTIONS = "predictions"
"""Name under which a run keeps measured and predicted values of its test samples; see ``runs.predictions``."""


class FitConfiguration(Configuration):
    """Learn to predict all other genes from those of one set, and keep what was learned."""

    dataset: DatasetId = Field(description="The dataset to learn from.")
    set: str = Field(
        "L1000", description="The set: L1000, variable, <ranking run>:<number of genes>, or list:<file>."
    )
    size: int | None = Field(
        None, ge=1, description="Take only the first so many genes of the set; empty for all."
    )
    predictor: Literal["ridge", "knn", "dgex"] = left_open(
        "ridge",
        "How target genes are predicted: linear regression, nearest neighbours, or D-GEX (the paper's).",
    )
    seed: int = left_open(0, "Seed of the samples on which settings such as the penalty are judged.", ge=0)
    dgex: DgexConfiguration = Field(
        default_factory=DgexConfiguration, description="Settings of D-GEX, used when it is the predictor."
    )
