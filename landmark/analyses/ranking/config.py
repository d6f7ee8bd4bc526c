"""Which model ranks the genes, and how. Imports no numerical library."""

from typing import Literal

from pydantic import Field

from landmark.analyses.choices import ReferenceChoice, TrainingRun
from landmark.configuration import left_open


class RankConfiguration(ReferenceChoice):
    """Score every gene by its contribution to the bottleneck."""

    model: TrainingRun = Field(description="The training run whose encoder is asked.")
    target: Literal["pre", "post"] = left_open(
        "pre",
        "Attribute to the bottleneck before (pre) or after (post) its sigmoid; the original library: pre.",
    )
    aggregation: Literal["mean_absolute", "absolute_mean"] = left_open(
        "mean_absolute",
        "Average |contribution| over samples and units, or take the absolute value of the average. Units are not "
        "brought to equal variance: one that varies more weighs more.",
    )
    retrain_halves: bool = Field(
        False,
        description="Train two more networks, each on one half of the training samples alone, and compare their "
        "rankings: would other samples give another set? Takes about as long as the training did, and half the samples "
        "make a poorer network than all.",
    )
