"""What a merge finds: figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Number, Results, Table, Text, Whole


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
        Text("dataset", "Its title."),
        Whole("samples", "Its samples."),
        Whole("named", "Its genes or probes before merging."),
        Whole("genes", "Its genes, one value per gene."),
        Whole("common", "Those that all datasets have."),
        Whole("lost", "Those that others lack."),
    ),
    "lost_genes": Table(
        "One gene that not all datasets have.",
        Text("dataset", "Title of a dataset that has it."),
        Text("gene", "Its name."),
    ),
    "values": Table(
        "One value drawn at random.",
        Text("stage", "before or after."),
        Text("dataset", "Title of its dataset."),
        Number("value", "Expression.", "the unit of the dataset"),
    ),
}
