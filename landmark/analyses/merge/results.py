"""What a merge finds: figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Column, Results, Table


class MergeResults(Results):
    """Figures of a merge."""

    samples: int = Field(description="Samples of the new dataset.")
    genes: int = Field(description="Genes that all datasets have.")
    identifier: str = Field(description="Kind of the names of the genes.")
    l1000_present: int = Field(description="L1000 genes among them.")
    datasets: tuple[str, ...] = Field(description="Titles of the datasets.")
    genes_lost: tuple[int, ...] = Field(description="Genes of each that others lack.")
    samples_renamed: int = Field(description="Samples whose name occurs in several datasets.")
    samples_shared: int | None = Field(
        None, description="Samples that two datasets share, by names or values."
    )


TABLES: Mapping[str, Table] = {
    "counts": Table(
        "One dataset.",
        (
            Column("dataset", "text", "Its title."),
            Column("samples", "whole", "Its samples."),
            Column("named", "whole", "Its genes or probes before merging."),
            Column("genes", "whole", "Its genes, one value per gene."),
            Column("common", "whole", "Those that all datasets have."),
            Column("lost", "whole", "Those that others lack."),
        ),
    ),
    "lost_genes": Table(
        "One gene that not all datasets have.",
        (Column("dataset", "text", "Title of a dataset that has it."), Column("gene", "text", "Its name.")),
    ),
    "values": Table(
        "One value drawn at random.",
        (
            Column("stage", "text", "before or after."),
            Column("dataset", "text", "Title of its dataset."),
            Column("value", "number", "Expression.", "of the dataset"),
        ),
    ),
}
