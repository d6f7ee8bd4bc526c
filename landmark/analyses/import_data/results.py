"""What an import finds: figures and tables."""

from pydantic import Field

from landmark.results import Results


class ImportResults(Results):
    """Figures of an import."""

    samples: int = Field(description="Samples of the dataset.")
    genes: int = Field(description="Genes of the dataset.")
    identifier: str = Field(description="Kind of the names of its genes.")
    share_recognised: float | None = Field(None, description="Share of the names in the file of that kind.")
    l1000_present: int = Field(description="L1000 genes among its genes.")
    annotated: int | None = Field(None, description="Samples that the table of annotations names.")
    samples_without: int | None = Field(None, description="Samples that it does not name.")
    rows_without: int | None = Field(None, description="Rows of it that name no sample.")
    unmatched_samples: tuple[str, ...] | None = Field(None, description="The first of those samples.")
    unmatched_rows: tuple[str, ...] | None = Field(None, description="The first names of those rows.")
    names_matched: int | None = Field(None, description="Genes that the table of symbols names.")
    names_unmatched: int | None = Field(None, description="Genes that it does not name.")
