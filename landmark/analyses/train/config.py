"""What to train on. Imports no numerical library."""

from typing import Annotated

from pydantic import Field

from landmark.analyses.choices import DatasetId
from landmark.configuration import Asked, Configuration
from landmark.models.settings import AutoencoderConfiguration


class TrainConfiguration(Configuration):
    """Train the paper's autoencoder."""

    dataset: DatasetId = Field(description="The dataset to train on.")
    network: Annotated[AutoencoderConfiguration, Asked(within=True)] = Field(
        default_factory=AutoencoderConfiguration,
        description="Network and optimisation; the defaults are the paper's.",
    )
