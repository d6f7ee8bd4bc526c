"""What a test of functions promises: its figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Column, Results, Table


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
        (
            Column("term", "text", "Its name."),
            Column("overlap", "whole", "Genes of the set in it."),
            Column("size", "whole", "Genes of the background in it."),
            Column("expected", "number", "Overlap that chance gives on average."),
            Column("p_value", "number", "Of the hypergeometric test."),
            Column("p_adjusted", "number", "By Benjamini and Hochberg, over all terms tested."),
            Column("genes", "text", "The genes shared, separated by blanks."),
            Column("group", "whole", "Number of its group, from 1; 0 where it was not compared."),
        ),
    ),
    "names": Table(
        "One name of the set.",
        (
            Column("name", "text", "As it was given."),
            Column("gene", "text", "What the terms call it; empty where it was not found."),
            Column("status", "text", "What became of it."),
        ),
    ),
}
