"""What a ranking of genes promises: its figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Number, Results, Table, Text, Whole


class RankResults(Results):
    """Figures of a ranking. An overlap is the share of the first ``cut`` genes that two scores both name."""

    cut: int = Field(
        description="Size of the set at the top: as many as the dataset has L1000 genes, else 943."
    )
    genes: int = Field(description="Genes ranked.")
    residual_worst: float = Field(
        description="Largest gap of sum-to-delta, as a share of the largest change of a unit."
    )
    residual_mean: float = Field(description="Mean gap of sum-to-delta, as such a share.")
    overlap_halves: float = Field(description="Overlap of one network asked about two halves of the samples.")
    correlation_halves: float = Field(description="Spearman's correlation of these two rankings.")
    overlap_retrained: float | None = Field(
        None,
        description="Overlap of two networks, each trained on half of the samples; absent unless asked for.",
    )
    correlation_retrained: float | None = Field(
        None, description="Spearman's correlation of these two rankings."
    )
    overlap_gradient: float = Field(description="Overlap with gradient times input.")
    group_label: str = Field(description="Annotation of the sample groups; empty where there are none.")
    group_sizes: Mapping[str, int] = Field(description="Training samples of each group, the largest first.")
    groups_missing: str = Field(description="Why there are no groups; empty where there are.")
    choices_samples: int | None = Field(
        None, description="Training samples on which the other choices were tried; version 0.1 tried none."
    )
    l1000_present: int = Field(description="L1000 genes among those ranked.")
    overlap_l1000: int | None = Field(
        None, description="L1000 genes among the first ``cut``; absent where no gene is of L1000."
    )
    overlap_l1000_by_chance: float | None = Field(None, description="How many chance puts there on average.")
    driver_auc: float | None = Field(
        None, description="Area under the ROC curve by which scores find the known drivers of a simulation."
    )
    drivers: int | None = Field(None, description="Known drivers of a simulation.")


TABLES: Mapping[str, Table] = {
    "ranking": Table(
        "One gene, the most important first.",
        Text("gene", "Its name."),
        Number("score", "Mean absolute contribution to the bottleneck.", format="%.4g"),
        Whole("rank", "1 is the most important."),
    ),
    "contributions": Table(
        "One gene.",
        Text("gene", "Its name."),
        Number("unit_NUMBER", "Mean absolute contribution to this unit of the bottleneck."),
    ),
    "choices": Table(
        "One other value of a choice that the paper leaves open.",
        Text("choice", "reference, target or aggregation."),
        Text("value", "Instead of the one chosen.", "", "Instead"),
        Number("rank_correlation", "Spearman's, over all genes. 1: the same order; 0: unrelated."),
        Number("overlap", "Share of the genes at the top that both rankings name.", format="percent"),
    ),
    "groups": Table(
        "One gene in one group of samples.",
        Text("gene", "Its name."),
        Text("group", "Value of the annotation."),
        Number("contribution", "Mean over units of |mean contribution over the group's samples|."),
    ),
}
