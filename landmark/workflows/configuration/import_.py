"""What to import, and how. Imports no numerical library."""

from typing import Literal

from pydantic import Field, model_validator

from landmark.configuration import Configuration, left_open


class ImportConfiguration(Configuration):
    """Bring a matrix in: from a file or from an example."""

    path: str = Field("", description="File to read.")
    example: str = Field("", description="Name of a built-in example, instead of a file.")
    title: str = Field("", description="Name shown to people; by default that of the file or example.")
    log2: bool = Field(False, description="Take log2(x + 1): for values that are not logged yet.")
    collapse: Literal["none", "mean", "most variable"] = Field(
        "none",
        description="Bring probes of one gene together, by their mean or by keeping the most variable one.",
    )
    held_out: float = left_open(
        0.2,
        "Share of the samples kept for testing. The paper holds out 10% of 111,009; smaller collections need "
        "more for steady figures.",
        gt=0,
        lt=1,
    )
    seed: int = left_open(0, "Seed of the split, and of the example where it is simulated.", ge=0)

    @model_validator(mode="after")
    def _one_source(self) -> "ImportConfiguration":
        if bool(self.path) == bool(self.example):
            raise ValueError("give either a file or the name of an example")
        return self
