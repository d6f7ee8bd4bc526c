"""What a look at the samples finds: figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Column, Results, Table


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
    shown: int = Field(description="Samples in the table of correlations.")


_OF_DATASET = "of the dataset"

TABLES: Mapping[str, Table] = {
    "samples": Table(
        "One sample.",
        (
            Column("sample", "text", "Sample."),
            *(
                Column(f"q{q}", "number", f"{q}% quantile of its values.", _OF_DATASET)
                for q in ("05", "25", "50", "75", "95")
            ),
            Column("pc_NUMBER", "number", "Coordinate on a principal component.", _OF_DATASET),
            Column("median_correlation", "number", "Median of its correlations with other samples."),
            Column("distance", "number", "Distance from the middle in the plane of the first components."),
            Column(
                "correlation_deviation", "number", "How far the correlation is below that of most samples."
            ),
            Column("distance_deviation", "number", "How far the distance is above that of most samples."),
            Column("outlier", "truth", "Whether it is an outlier."),
            Column("reason", "text", "Why; empty where it does not."),
        ),
    ),
    "components": Table(
        "One principal component.",
        (
            Column("component", "whole", "Its number, from 1."),
            Column("share", "number", "Share of the variance in it."),
        ),
    ),
    "correlation": Table(
        "One sample, similar ones one after the other.",
        (
            Column("sample", "text", "Sample."),
            Column("with_NUMBER", "number", "Correlation with the sample of that row, from 0."),
        ),
    ),
    "explained": Table(
        "One annotation and a principal component.",
        (
            Column("annotation", "text", "Annotation of the samples."),
            Column("component", "whole", "Number of the component, from 1."),
            Column("r2", "number", "Share of the component's variance that it explains."),
            Column("by_chance", "number", "What an annotation without meaning would explain."),
            Column("p_value", "number", "Of no connection."),
            Column("share", "number", "Share of all variance in the component."),
            Column("groups", "whole", "Its groups; 0 for numbers."),
            Column("samples", "whole", "Samples that have a value."),
        ),
    ),
    "overall": Table(
        "One annotation, the one that explains most beyond chance first.",
        (
            Column("annotation", "text", "Annotation of the samples."),
            Column("r2", "number", "Share of the variance between samples that it explains."),
            Column("by_chance", "number", "What an annotation without meaning would explain."),
            Column("groups", "whole", "Its groups; 0 for numbers."),
            Column("samples", "whole", "Samples that have a value."),
        ),
    ),
    "associated": Table(
        "One pair of annotations, the strongest first.",
        (
            Column("first", "text", "Annotation."),
            Column("second", "text", "Annotation."),
            Column("association", "number", "Cramér's V, corrected for chance: 1 where one gives the other."),
            Column("samples", "whole", "Samples that have both."),
        ),
    ),
}
