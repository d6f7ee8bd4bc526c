"""What keeping a predictor promises: its figures."""

from pydantic import Field

from landmark.results import Results


class KeepResults(Results):
    """Figures of a predictor when it was kept."""

    name: str = Field(description="Name it is kept under.")
    predictor: str = Field(description="Name of the method.")
    covariate: str = Field("", description="The annotation that is an input too; empty where there is none.")
    set: str = Field(description="Name of the set of landmark genes.")
    size: int = Field(description="Landmark genes.")
    genes: int = Field(description="Genes of a complete profile.")
    learned_from: str = Field(description="Name of the data that it learned from.")
    samples: int = Field(description="Training samples.")
    pcc: float | None = Field(
        None, description="Mean correlation of the inferred genes on training samples that were held out."
    )
    values: bool = Field(description="Whether the values of the training samples are kept with it.")
    bytes: int = Field(description="Size of its files.")
