"""What a repetition with several seeds finds: figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Number, Results, Table, Text, Whole


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
        Whole("seed", "Seed."),
        Text("figure", "Name of the figure."),
        Number("value", "Its value."),
    ),
    "spread": Table(
        "One figure.",
        Text("figure", "Name of the figure."),
        Number("mean", "Mean over seeds.", format="%.4g"),
        Number(
            "standard_deviation",
            "Standard deviation over seeds; unknown for a single pair.",
            heading="± SD",
            format="%.4g",
        ),
        Number("minimum", "Smallest value.", "", "Lowest", "%.4g"),
        Number("maximum", "Largest value.", "", "Highest", "%.4g"),
    ),
    "overlaps": Table(
        "Two seeds.",
        Whole("first_seed", "Seed."),
        Whole("second_seed", "Other seed."),
        Number("overlap", "Share of the top genes that both name."),
        Number("rank_correlation", "Rank correlation of the scores of all genes."),
    ),
    "genes": Table(
        "One gene, the one named most often first.",
        Text("gene", "Gene."),
        Whole("times", "Seeds that place it at the top."),
        Number("mean_rank", "Mean of its ranks.", format="%.1f"),
        Whole("best_rank", "Smallest of its ranks."),
        Whole("worst_rank", "Largest of its ranks."),
    ),
}
