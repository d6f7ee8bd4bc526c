"""What the whole path goes through. Imports no numerical library."""

from typing import Annotated

from pydantic import Field

from landmark.analyses.choices import PREDICTOR, PredictorName
from landmark.configuration import Asked, Configuration
from landmark.models.settings import AutoencoderConfiguration


class PathConfiguration(Configuration):
    """Walk the paper's whole path: import, train, rank, compare, cluster."""

    dataset: str = Field("", description="A dataset that is there already; empty to import the example.")
    model: str = Field("", description="A trained network of the dataset to go on from; empty to train one.")
    example: Annotated[str, Asked(said=True)] = Field(
        "gdsc", description="The example to import where no dataset is given."
    )
    network: AutoencoderConfiguration = Field(
        default_factory=AutoencoderConfiguration,
        description="Network and optimisation; the defaults are the paper's.",
    )
    predictor: PredictorName = Field("ridge", description=PREDICTOR)
    random_sets: int | None = Field(
        None,
        ge=0,
        le=200,
        description="Number of random sets beside the comparison; empty for 20, or 3 with a network.",
    )
