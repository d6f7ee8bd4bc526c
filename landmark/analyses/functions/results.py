"""What a test of functions promises: its figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Number, Results, Table, Text, Whole


class EnrichResults(Results):
    """Figures of over-represented terms."""

    set: str = Field(description="Name of the gene set.")
    kind: str = Field(description="Where the set comes from: ranking, list, cluster, ...")
    genes: int = Field(description="Genes of the set that are in the background.")
    named: int = Field(description="Different names of the set.")
    absent: int = Field(description="Names that are not in the background.")
    unknown: int = Field(description="Names that are no gene known here.")
    unnamed: int = Field(description="Names without a known symbol.")
    duplicated: int = Field(description="Names that were given again.")
    source: str = Field(description="What the terms are.")
    background_genes: int = Field(description="Genes that could have been drawn.")
    significant: int = Field(description="Terms with an adjusted p-value below 0.05.")
    groups: int = Field(description="Groups of significant terms that share most of their genes.")
    best_term: str = Field(description="The term of the least p-value; empty where none shares a gene.")
    largest_term: str | None = Field(
        None, description="The significant term that holds most genes; absent where none is significant."
    )
    largest_overlap: int | None = Field(None, description="Genes of the set in it.")
    dominates: bool | None = Field(None, description="Whether it holds half of the set or more.")
    tested: int = Field(description="Terms tested.")
    annotated: int = Field(description="Genes of the set in at least one of them.")


TABLES: Mapping[str, Table] = {
    "enrichment": Table(
        "One term that shares a gene with the set, the least p-value first.",
        Text("term", "Its name."),
        Whole("overlap", "Genes of the set in the term.", "", "Genes"),
        Whole("size", "Genes of the background in the term.", "", "Term size"),
        Number(
            "expected",
            "Genes that a random set of this size would have in the term, on average.",
            heading="By chance",
            format="%.1f",
        ),
        Number("p_value", "Of the hypergeometric test.", "", "p", "%.1e"),
        Number(
            "p_adjusted",
            "Adjusted for all terms tested, by Benjamini and Hochberg.",
            heading="Adjusted p",
            format="%.2g",
        ),
        Text("genes", "The genes shared, separated by blanks.", "", "Which genes"),
        Whole(
            "group", "Terms of one group were found by much the same genes. Numbered from 1; 0: not compared."
        ),
    ),
    "names": Table(
        "One name of the set.",
        Text("name", "As it was given."),
        Text("gene", "What the terms call it; empty where it was not found."),
        Text("status", "What became of it."),
    ),
}
