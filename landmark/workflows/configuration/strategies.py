"""The ways of choosing genes, by name, and their settings. Imports no numerical library."""

from typing import Literal, get_args

from pydantic import Field

from landmark.configuration import Configuration
from landmark.training.concrete_configuration import ConcreteConfiguration

Strategy = Literal["ranking", "reconstruction", "blend", "measured", "concrete", "variable", "random"]

STRATEGIES: tuple[str, ...] = get_args(Strategy)

FORWARD = ("reconstruction", "blend", "measured")
"""Strategies that take gene after gene for what the others leave unexplained."""

NEED_MODELS = ("ranking", "reconstruction", "blend")
"""Strategies that ask trained autoencoders."""


class StrategySettings(Configuration):
    """Settings of the strategies; each looks at its own only."""

    reconstruction: float = Field(
        0.25,
        gt=0,
        lt=1,
        description="For blend: share of the autoencoder's reconstruction in what is to be explained; the rest are "
        "the measured values. How the default was found is not recorded; results on the GDSC example may be what it "
        "was chosen by, so judge it on other data.",
    )
    penalty: float | None = Field(
        None,
        gt=0,
        le=1000,
        description="For reconstruction, blend and measured: penalty of the ridge regression inside the choice, per "
        "training sample. A larger one prefers genes that stand for many others. Empty to find the best of 1, 2 and 4 "
        "on a quarter of the training samples: genes are chosen from the others for it, though genes are scaled and "
        "networks were trained with it.",
    )
    concrete: ConcreteConfiguration = Field(
        default_factory=ConcreteConfiguration, description="Training of the concrete autoencoder."
    )
