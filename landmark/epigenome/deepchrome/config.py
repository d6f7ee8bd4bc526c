"""Which cell types to train DeepChrome on, and how. Imports no numerical library."""

from typing import Annotated

from pydantic import Field

from landmark.configuration import Asked, Configuration, Newest, left_open, stated
from landmark.models.settings import DeepchromeTraining


class MapConfiguration(Configuration):
    """How the input is found that a network takes for the clearest case of a class."""

    steps: int = stated(1000, "Steps of RMSprop.", "DeepChrome public code, 8_featmap.lua", ge=1, le=100_000)
    learning_rate: float = stated(
        0.1, "Step size of RMSprop.", "DeepChrome public code, 8_featmap.lua", gt=0, le=10
    )
    penalty: float = stated(
        0.009,
        "Weight of the sum of squares of the input.",
        "DeepChrome public code, 8_featmap.lua",
        ge=0,
        le=10,
    )
    threshold: float = Field(
        0.25, gt=0, lt=1, description="Above this value a bin of a pattern counts as active."
    )


class DeepchromeConfiguration(Configuration):
    """Learn, per cell type, to separate expressed from unexpressed genes by their histone marks."""

    histones: Annotated[str, Newest("histones")] = Field(
        description="The run that brought the histone profiles in."
    )
    cell_types: Annotated[tuple[str, ...], Asked("--cell-type")] = Field(
        (), description="Cell types to train on, by name; empty for all."
    )
    training: DeepchromeTraining = Field(
        default_factory=DeepchromeTraining,
        description="Optimisation; the defaults are those of the published network.",
    )
    maps: MapConfiguration = Field(
        default_factory=MapConfiguration, description="How the pattern of each class is found."
    )
    seed: int = left_open(0, "Seed of permuted labels, intervals and patterns.", ge=0)
