"""What to train on. Imports no numerical library."""

from pydantic import Field

from landmark.analyses.choices import DatasetId
from landmark.configuration import Configuration
from landmark.training.configuration import AutoencoderConfiguration


class TrainConfiguration(Configuration):
    """Train the paper's autoencoder."""

    dataset: DatasetId = Field(description="The dataset to train on.")
    network: AutoencoderConfiguration = Field(
        default_factory=AutoencoderConfiguration,
        description="Network and optimisation; the defaults are the paper's.",
    )
