"""What a clustering of samples promises: its figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Number, Results, Table, Text, Whole


class ClusterResults(Results):
    """Figures of a clustering. Agreement with labels is absent where samples have no labels."""

    label: str = Field(description="The annotation compared with; empty where samples have none.")
    groups: tuple[str, ...] = Field(description="Its values that take part.")
    samples: int = Field(description="Samples clustered.")
    drawn_from: int | None = Field(
        None, description="Samples that these were drawn from; absent where all of them are clustered."
    )
    held_out_samples: int = Field(description="Of them held out from the training of the network.")
    clusters: int = Field(description="Clusters that the tree was cut into.")
    genes: int | None = Field(None, description="Genes of the network; version 0.1 did not say.")
    missing_genes: int = Field(0, description="Of them not measured in the samples.")
    missing_first: tuple[str, ...] = Field((), description="The first ten of those.")
    shared_samples: int | None = Field(
        None,
        description="Samples of another dataset that are also in that of the network; unknown to version 0.3.",
    )
    unit: str = Field("", description="Unit of the samples; empty where it is not known.")
    unit_trained: str = Field("", description="Unit of the network's dataset; empty where it is not known.")
    adjusted_rand: float | None = Field(
        None, description="Adjusted Rand index of clusters and labels, 1 = equal."
    )
    mutual_information: float | None = Field(
        None, description="Their normalised mutual information, 1 = equal."
    )
    silhouette: float | None = Field(
        None, description="Silhouette of the labels, -1 to 1, mean over samples."
    )
    neighbour_accuracy: float | None = Field(
        None, description="Share of samples whose nearest neighbour has their label, mean over labels."
    )
    held_out_accuracy: float | None = Field(
        None,
        description="The same of held-out samples among training samples; absent where none is held out.",
    )
    adjusted_rand_pca: float | None = Field(None, description="Adjusted Rand index by principal components.")
    silhouette_pca: float | None = Field(None, description="Silhouette by principal components.")
    held_out_adjusted_rand: float | None = Field(
        None,
        description="Adjusted Rand index of the held-out samples clustered by themselves; absent where they are few.",
    )


MEASURES = (
    Number(
        "adjusted_rand",
        "Adjusted Rand index: of all pairs of samples, how often clusters and labels agree on together or apart, "
        "corrected for chance. 1: the same groups; 0: no better than chance.",
        heading="Clusters match labels",
    ),
    Number(
        "mutual_information",
        "Normalised mutual information: how well the label of a sample can be known from its cluster. 1: fully; 0: "
        "not at all.",
        heading="Clusters inform on labels",
    ),
    Number(
        "silhouette",
        "Silhouette of the labels: how much closer a sample is to its own group than to the nearest other one. "
        "From -1 to 1; above 0.5 is well apart, near 0 the groups run into each other.",
        heading="Labels lie apart",
    ),
    Number(
        "neighbour_accuracy",
        "Share of samples whose nearest other sample has their label, averaged over labels, so that a rare label "
        "counts as much as a common one (balanced accuracy). Chance: 1 / number of labels.",
        heading="Nearest neighbour has the label",
    ),
    Number(
        "held_out_accuracy",
        "Share of held-out samples, from which the network learned nothing, whose nearest training sample has "
        "their label, averaged over labels.",
        heading="The same, held-out samples",
    ),
)
"""Measures of agreement between clusters and labels."""

TABLES: Mapping[str, Table] = {
    "embedding": Table(
        "One sample.",
        Text("sample", "Its name."),
        Number("umap_1", "First coordinate of UMAP."),
        Number("umap_2", "Second coordinate of UMAP."),
        Whole("cluster", "Number of its cluster, from 1, the largest first."),
        Text("label", "Value of the annotation; empty where there is none."),
        Number("pca_1", "First principal component."),
        Number("pca_2", "Second principal component."),
        Text("split", "train or test."),
    ),
    "linkage": Table(
        "One join of the tree, the nearest first; row i makes cluster samples + i.",
        Whole("left", "Sample or cluster joined."),
        Whole("right", "The other."),
        Number("distance", "Height of the join."),
        Whole("size", "Samples below it."),
    ),
    "cuts": Table(
        "One number of clusters.",
        Whole("clusters", "That number."),
        Number("height", "Where the tree is cut."),
        Number("silhouette", "Silhouette of the clusters, mean over samples."),
        Number("adjusted_rand", "Adjusted Rand index of clusters and labels.", optional=True),
    ),
    "bottleneck": Table(
        "One sample.", Text("sample", "Its name."), Number("unit_NUMBER", "Value of this unit.")
    ),
    "drivers": Table(
        "One gene that drives a cluster.",
        Whole("cluster", "Number of the cluster."),
        Whole("rank", "1 drives it most."),
        Text("gene", "Its name."),
        Number(
            "contribution",
            "To the distance from other samples, summed over the ten most distinctive units.",
            "standard deviations of a unit",
            format="%.3g",
        ),
        Number("share", "Of what sets the cluster apart, over all genes.", format="percent"),
        Number(
            "difference",
            "Mean of the cluster less that of the others, of scaled expression.",
            "standard deviations",
            "Expression here",
            "%+.2f",
        ),
    ),
    "agreement": Table(
        "One representation of the samples; where they have labels.",
        Text("representation", "bottleneck, PCA, all genes; permuted labels for chance."),
        *MEASURES,
        *(
            Number(f"{column.name}_{end}", f"{column.title}: {percentile} percentile.")
            for end, percentile in (("low", "2.5th"), ("high", "97.5th"))
            for column in MEASURES
        ),
    ),
}
