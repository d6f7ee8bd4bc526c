"""Which histone profiles to bring in, and how. Imports no numerical library."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from landmark.configuration import Asked, Configuration, left_open, names_file, stated

THIRD = 1 / 3


class HistonesConfiguration(Configuration):
    """Bring in histone profiles of one or more cell types: from files in DeepChrome's layout, or simulated ones."""

    path: Annotated[str, Asked(argument=True)] = names_file(
        "A CSV file, one of three files named train, valid and test, or a folder with those of several "
        "cell types.",
    )
    example: Literal["", "simulated"] = Field(
        "", description="Name of a built-in example, instead of files: simulated."
    )
    title: str = Field(
        "", description="Name shown to people; by default that of the file, folder or example."
    )
    seed: int = left_open(0, "Seed of the split where one is drawn, and of the simulated example.", ge=0)
    validation: float = stated(
        THIRD,
        "Share of the genes by which epochs are judged, where files come without a split and for the example. The "
        "genes are drawn at random here, and taken as they stand in the published files.",
        "Singh 2016 (6,601, 6,601 and 6,600 genes)",
        gt=0,
        lt=1,
    )
    test: float = stated(
        THIRD,
        "Share of the genes held out for testing, where files come without a split and for the example.",
        "Singh 2016 (6,601, 6,601 and 6,600 genes)",
        gt=0,
        lt=1,
    )
    cell_types: int = Field(3, ge=1, le=56, description="Number of cell types of the simulated example.")
    genes: int = Field(
        3000, ge=30, le=20_000, description="Number of genes per cell type of the simulated example."
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if bool(self.path) == bool(self.example):
            raise ValueError("give either a file or folder, or the name of an example")
        if self.validation + self.test >= 1:
            raise ValueError(
                f"validation = {self.validation:g} and test = {self.test:g} leave no genes to train on; "
                "together they must stay below 1"
            )
        return self
