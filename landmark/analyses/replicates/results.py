"""What a repetition with several seeds finds: figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Column, Results, Table


class Spread(Results):
    """A figure over its replicates."""

    mean: float = Field(description="Mean.")
    standard_deviation: float = Field(description="Standard deviation, of a sample.")
    minimum: float = Field(description="Smallest value.")
    maximum: float = Field(description="Largest value.")


class SeedsResults(Results):
    """Figures of a repetition with several seeds."""

    seeds: tuple[int, ...] = Field(description="The seeds.")
    figures: Mapping[str, Spread] = Field(description="Figures of the steps by name.")
    cut: int = Field(description="Genes at the top of a ranking that are compared.")
    genes: int = Field(description="Genes ranked.")
    overlap: float = Field(description="Share of the top genes that two seeds share, on average.")
    overlap_minimum: float = Field(description="The same for the two seeds that share least.")
    overlap_maximum: float = Field(description="The same for the two seeds that share most.")
    overlap_by_chance: float = Field(description="What two random sets would share.")
    rank_correlation: float = Field(description="Mean rank correlation of the scores of two seeds.")
    genes_in_all: int = Field(description="Genes at the top with every seed.")
    genes_in_any: int = Field(description="Genes at the top with any seed.")
    first: str = Field(description="Name of the chosen set.")
    second: str = Field(description="Name of the set it is compared with; empty for none.")
    label: str = Field(description="Annotation that clusters were compared with; empty for none.")
    left_out: Mapping[str, str] = Field(description="Parts that could not be computed, and why.")


TABLES: Mapping[str, Table] = {
    "seeds": Table(
        "One seed and a figure.",
        (
            Column("seed", "whole", "Seed."),
            Column("figure", "text", "Name of the figure."),
            Column("value", "number", "Its value."),
        ),
    ),
    "spread": Table(
        "One figure.",
        (
            Column("figure", "text", "Name of the figure."),
            Column("mean", "number", "Mean over seeds."),
            Column("standard_deviation", "number", "Standard deviation over seeds."),
            Column("minimum", "number", "Smallest value."),
            Column("maximum", "number", "Largest value."),
        ),
    ),
    "overlaps": Table(
        "Two seeds.",
        (
            Column("first_seed", "whole", "Seed."),
            Column("second_seed", "whole", "Other seed."),
            Column("overlap", "number", "Share of the top genes that both name."),
            Column("rank_correlation", "number", "Rank correlation of the scores of all genes."),
        ),
    ),
    "genes": Table(
        "One gene, the one named most often first.",
        (
            Column("gene", "text", "Gene."),
            Column("times", "whole", "Seeds that place it at the top."),
            Column("mean_rank", "number", "Mean of its ranks."),
            Column("best_rank", "whole", "Smallest of its ranks."),
            Column("worst_rank", "whole", "Largest of its ranks."),
        ),
    ),
}
