"""What to train on. Imports no numerical library."""

from pydantic import Field

from landmark.configuration import Configuration
from landmark.training.configuration import AutoencoderConfiguration
from landmark.workflows.configuration.names import DatasetId


class TrainConfiguration(Configuration):
    """Train the paper's autoencoder."""

    dataset: DatasetId = Field(description="The dataset to train on.")
    network: AutoencoderConfiguration = Field(
        default_factory=AutoencoderConfiguration,
        description="Network and optimisation; the defaults are the paper's.",
    )
