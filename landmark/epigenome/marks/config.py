"""Which genes to explain by their histone marks. Imports no numerical library."""

from typing import Annotated, Literal

from pydantic import Field

from landmark.configuration import Asked, Configuration, Newest, left_open

MOST_GENES = 50


class MarksConfiguration(Configuration):
    """Ask which marks in which bins made a network call genes expressed or unexpressed."""

    deepchrome: Annotated[str, Newest("deepchrome")] = Field(
        description="The DeepChrome run whose network is asked."
    )
    cell_type: str = Field(
        "", description="Cell type whose network is asked; empty for the first of the run."
    )
    genes: Annotated[tuple[str, ...], Asked("--gene")] = Field(
        min_length=1, max_length=MOST_GENES, description="Genes whose predictions are explained."
    )
    reference: Literal["zero", "training mean"] = left_open(
        "zero",
        "Profile that contributions are measured from: no reads at all, or the mean of the training genes.",
    )
