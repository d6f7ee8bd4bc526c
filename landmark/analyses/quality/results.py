"""What a look at the samples finds: figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Number, Results, Table, Text, Truth, Whole


class QualityResults(Results):
    """Figures of a look at the samples."""

    samples: int = Field(description="Samples of the dataset.")
    genes_used: int = Field(description="Most variable genes that were looked at.")
    outliers: int = Field(description="Samples that are outliers.")
    outlier_names: tuple[str, ...] = Field(description="The furthest of them.")
    share_1: float = Field(description="Share of the variance in the first principal component.")
    share_2: float = Field(description="Share of the variance in the second principal component.")
    median_correlation: float = Field(
        description="Median over samples of their median correlation with others."
    )
    annotation: str = Field(
        description="Annotation that explains most beyond chance; empty without annotations."
    )
    annotation_r2: float = Field(description="Share of the variance between samples that it explains.")
    annotation_by_chance: float = Field(description="What an annotation without meaning would explain.")
    outlying_values: int | None = Field(None, description="Values too extreme to be expression.")
    outlying_genes: int | None = Field(None, description="Genes that have any.")
    outlying_samples: int | None = Field(None, description="Samples that have any.")
    outlying_examples: tuple[str, ...] = Field((), description="The furthest of them, one of a gene.")
    shown: int = Field(description="Samples in the table of correlations.")


_OF_DATASET = "the unit of the dataset"

TABLES: Mapping[str, Table] = {
    "samples": Table(
        "One sample.",
        Text("sample", "Sample."),
        *(
            Number(f"q{q}", f"{q}% quantile of its values.", _OF_DATASET)
            for q in ("05", "25", "50", "75", "95")
        ),
        Number("pc_NUMBER", "Coordinate on a principal component.", _OF_DATASET),
        Number("median_correlation", "Median of its correlations with other samples."),
        Number("distance", "Distance from the middle in the plane of the first components."),
        Number("correlation_deviation", "How far the correlation is below that of most samples."),
        Number("distance_deviation", "How far the distance is above that of most samples."),
        Truth("outlier", "Whether it is an outlier."),
        Text("reason", "Why; empty where it does not."),
    ),
    "components": Table(
        "One principal component.",
        Whole("component", "Its number, from 1."),
        Number("share", "Share of the variance in it."),
    ),
    "correlation": Table(
        "One sample, similar ones one after the other.",
        Text("sample", "Sample."),
        Number("with_NUMBER", "Correlation with the sample of that row, from 0."),
    ),
    "explained": Table(
        "One annotation and a principal component.",
        Text("annotation", "Annotation of the samples."),
        Whole("component", "Number of the component, from 1."),
        Number("r2", "Share of the component's variance that it explains."),
        Number("by_chance", "What an annotation without meaning would explain."),
        Number("p_value", "Of no connection."),
        Number("share", "Share of all variance in the component."),
        Whole("groups", "Its groups; 0 for numbers."),
        Whole("samples", "Samples that have a value."),
    ),
    "overall": Table(
        "One annotation, the one that explains most beyond chance first.",
        Text("annotation", "Annotation of the samples."),
        Number("r2", "Share of the variance between samples that it explains."),
        Number("by_chance", "What an annotation without meaning would explain."),
        Whole("groups", "Its groups; 0 for numbers."),
        Whole("samples", "Samples that have a value."),
    ),
    "outlying": Table(
        "One outlying value, the furthest first; at most 1,000.",
        Text("sample", "Sample."),
        Text("gene", "Gene."),
        Number("value", "Its expression there.", _OF_DATASET),
        Number("median", "Median of the gene over the training samples.", _OF_DATASET),
        Number(
            "deviations",
            "How far the value is from it, in robust deviations, of logarithms where not logged.",
        ),
    ),
    "associated": Table(
        "One pair of annotations, the strongest first.",
        Text("first", "Annotation."),
        Text("second", "Annotation."),
        Number(
            "association", "Cramér's V, corrected for chance: 1 where one gives the other.", format="%.2f"
        ),
        Whole("samples", "Samples that have both."),
    ),
}
