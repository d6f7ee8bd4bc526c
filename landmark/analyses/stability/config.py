"""How to ask whether a choice of genes would be the same again. Imports no numerical library."""

from typing import Annotated

from pydantic import Field, model_validator

from landmark.configuration import Configuration, Newest, left_open


class StabilityConfiguration(Configuration):
    """Repeat a selection with other seeds and on halves of the training samples."""

    select: Annotated[str, Newest("select")] = Field(
        description="The selection to repeat, with its own settings."
    )
    seeds: int = Field(
        3,
        ge=1,
        le=20,
        description="Number of seeds, that of the selection included; every other one trains the selection's networks "
        "anew. 1 for none.",
    )
    halves: int = Field(
        2,
        ge=0,
        le=10,
        description="How often the training samples are divided into two halves at random. On each half everything is "
        "repeated: the networks are trained on that half alone, and the genes chosen from it. 0 for none.",
    )
    epochs: int = Field(
        0,
        ge=0,
        description="Epochs of the networks trained on halves; 0 for as many as the selection's own have. Fewer save "
        "time, and make the choices on halves less alike.",
    )
    threshold: float = left_open(
        0.8,
        "Correlation over the training samples, without regard to its sign, from which two genes count as "
        "exchangeable.",
        gt=0,
        le=1,
    )
    seed: int = Field(0, ge=0, description="Seed of the halves and of the random sets beside them.")

    @model_validator(mode="after")
    def _something_to_repeat(self) -> "StabilityConfiguration":
        if self.seeds == 1 and not self.halves:
            raise ValueError("choose at least 2 seeds or 1 division into halves: nothing would be repeated")
        return self
