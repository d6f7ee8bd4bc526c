"""What to repeat with several seeds. Imports no numerical library."""

from typing import Annotated

from pydantic import Field, model_validator

from landmark.analyses.choices import PREDICTOR, DatasetId, PredictorName
from landmark.configuration import Asked, Configuration
from landmark.models.settings import AutoencoderConfiguration
from landmark.training.settings import LARGEST_SEED


class SeedsConfiguration(Configuration):
    """Train, rank, compare and cluster with several seeds."""

    dataset: DatasetId = Field(description="The dataset to repeat everything on.")
    network: AutoencoderConfiguration = Field(
        default_factory=AutoencoderConfiguration,
        description="Network and optimisation; the defaults are the paper's. Its seed is each seed in turn.",
    )
    seeds: Annotated[int, Asked(said=True)] = Field(
        3, ge=2, le=20, description="Number of seeds: how often everything is repeated."
    )
    first_seed: int = Field(
        0, ge=0, le=LARGEST_SEED - 20, description="The first seed; the others are the numbers after it."
    )
    predictor: PredictorName = Field("ridge", description=PREDICTOR)
    random_sets: int = Field(
        5, ge=0, le=200, description="Number of random sets beside the comparison of each seed."
    )

    @model_validator(mode="after")
    def _one_place_for_seeds(self) -> "SeedsConfiguration":
        if self.network.seed:
            raise ValueError("choose seeds by first_seed; the seed of the network has no effect here")
        return self

    @property
    def all_seeds(self) -> range:
        """The seeds, in order."""
        return range(self.first_seed, self.first_seed + self.seeds)
