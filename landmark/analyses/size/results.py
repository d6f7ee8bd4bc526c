"""What accuracy by size finds: figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.analyses.compare.results import SETS, STANDARD
from landmark.results import Number, Results, Table, Text, Whole


class OrderResults(Results):
    """Figures of one order of genes at its largest size."""

    kind: str = Field(description="Where it comes from: ranking, improved, l1000, list, variable.")
    largest: int = Field(description="Its largest size.")
    targets: int = Field(description="Genes predicted, the same at every size.")
    mae: float = Field(description="Mean absolute error over targets, in standard deviations of the gene.")
    pcc: float = Field(description="Mean correlation over targets.")
    recovered: float = Field(description="Share of targets whose correlation reaches the wished one.")


class SizeResults(Results):
    """Figures of accuracy by size."""

    predictor: str = Field(description="Method of prediction.")
    arithmetic: str = Field(description="How the number of targets comes about.")
    recovered_pcc: float = Field(description="Correlation from which a target counts as recovered.")
    random_orders: int = Field(description="Random orders of genes.")
    identical_genes: int = Field(description="Genes that carry the values of another in every sample.")
    sets: Mapping[str, OrderResults] = Field(description="The orders of genes by name.")


_MEASURED = (
    Whole("size", "Number of its first genes that are measured.", "", "Genes measured"),
    Number("mae", "Mean absolute error over targets.", STANDARD, "Mean MAE", "%.4f"),
    Number("pcc", "Mean correlation over targets.", "", "Mean PCC", "%.4f"),
    Number("recovered", "Share of targets whose correlation reaches the wished one.", format="percent"),
)

TABLES: Mapping[str, Table] = {
    "size": Table("One order of genes and a size.", Text("set", "Name of the order of genes."), *_MEASURED),
    "random": Table(
        "One random order and a size.", Whole("seed", "Seed that it was drawn with."), *_MEASURED
    ),
    "sets": SETS,
}
