"""Which model ranks the genes, and how. Imports no numerical library."""

from typing import Literal

from pydantic import Field

from landmark.configuration import left_open
from landmark.workflows.configuration.names import RunId
from landmark.workflows.configuration.reference import ReferenceChoice


class RankConfiguration(ReferenceChoice):
    """Score every gene by its contribution to the bottleneck."""

    model: RunId = Field(description="The training run whose encoder is asked.")
    target: Literal["pre", "post"] = left_open(
        "pre",
        "Attribute to the bottleneck before (pre) or after (post) its sigmoid; the original library: pre.",
    )
    aggregation: Literal["mean_absolute", "absolute_mean"] = left_open(
        "mean_absolute", "Average |contribution| over samples, or take the absolute value of the average."
    )
