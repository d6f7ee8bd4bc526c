"""What a preparation finds: figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Number, Results, Table, Text, Whole


class PrepareResults(Results):
    """Figures of a preparation."""

    samples: int = Field(description="Samples of the new dataset.")
    genes: int = Field(description="Genes of the new dataset.")
    identifier: str = Field(description="Kind of the names of its genes.")
    l1000_present: int = Field(description="L1000 genes among its genes.")
    identifier_before: str = Field(description="Kind of the names of the genes before.")
    samples_before: int = Field(description="Samples before.")
    genes_before: int = Field(description="Genes or probes before.")
    samples_removed: int = Field(description="Near-duplicate samples that were removed.")
    genes_without_symbol: int = Field(
        description="Names left out, as no single gene symbol is known for them."
    )
    steps: tuple[str, ...] = Field(description="Names of the steps, in their order.")
    outlying_values: int | None = Field(None, description="Outlying values that were treated.")
    divided_twins: int = Field(description="Removed samples whose twin was on the other side of the split.")


TABLES: Mapping[str, Table] = {
    "steps": Table(
        "One step.",
        Text("step", "Name of the step, the first for the dataset as it was.", "", "After"),
        Whole("samples", "Samples after it."),
        Whole("genes", "Genes after it."),
    ),
    "values": Table(
        "One value drawn at random.",
        Whole("state", "Number of steps done before."),
        Number("value", "Expression.", "the unit of the dataset"),
    ),
    "quantiles": Table(
        "One sample, before and after.",
        Text("sample", "Sample."),
        *(
            Number(f"q{q}", f"{q}% quantile of its values.", "the unit of the dataset")
            for q in ("05", "25", "50", "75", "95")
        ),
        Text("state", "before or after."),
    ),
    "removed_samples": Table(
        "One near-duplicate sample.",
        Text("sample", "Sample that was removed."),
        Text("duplicate_of", "Sample that it resembles."),
        Number("distance", "Euclidean distance of the two.", "the unit of the dataset"),
    ),
    "removed_genes": Table(
        "One gene or probe left out.", Text("gene", "Its name."), Text("reason", "Why it was left out.")
    ),
}
