"""What a clustering of samples promises: its figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Column, Results, Table


class ClusterResults(Results):
    """Figures of a clustering. Agreement with labels is absent where samples have no labels."""

    label: str = Field(description="The annotation compared with; empty where samples have none.")
    groups: tuple[str, ...] = Field(description="Its values that take part.")
    samples: int = Field(description="Samples clustered.")
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


_MEASURES = {
    "adjusted_rand": "Adjusted Rand index of clusters and labels",
    "mutual_information": "Normalised mutual information of clusters and labels",
    "silhouette": "Silhouette of the labels",
    "neighbour_accuracy": "Share of samples whose nearest neighbour has their label, mean over labels",
    "held_out_accuracy": "The same of held-out samples among training samples",
}

TABLES: Mapping[str, Table] = {
    "embedding": Table(
        "One sample.",
        (
            Column("sample", "text", "Its name."),
            Column("umap_1", "number", "First coordinate of UMAP."),
            Column("umap_2", "number", "Second coordinate of UMAP."),
            Column("cluster", "whole", "Number of its cluster, from 1, the largest first."),
            Column("label", "text", "Value of the annotation; empty where there is none."),
            Column("pca_1", "number", "First principal component."),
            Column("pca_2", "number", "Second principal component."),
            Column("split", "text", "train or test."),
        ),
    ),
    "linkage": Table(
        "One join of the tree, the nearest first; row i makes cluster samples + i.",
        (
            Column("left", "whole", "Sample or cluster joined."),
            Column("right", "whole", "The other."),
            Column("distance", "number", "Height of the join."),
            Column("size", "whole", "Samples below it."),
        ),
    ),
    "cuts": Table(
        "One number of clusters.",
        (
            Column("clusters", "whole", "That number."),
            Column("height", "number", "Where the tree is cut."),
            Column("silhouette", "number", "Silhouette of the clusters, mean over samples."),
            Column("adjusted_rand", "number", "Adjusted Rand index of clusters and labels.", optional=True),
        ),
    ),
    "bottleneck": Table(
        "One sample.",
        (
            Column("sample", "text", "Its name."),
            Column("unit_NUMBER", "number", "Value of this unit."),
        ),
    ),
    "drivers": Table(
        "One gene that drives a cluster.",
        (
            Column("cluster", "whole", "Number of the cluster."),
            Column("rank", "whole", "1 drives it most."),
            Column("gene", "text", "Its name."),
            Column(
                "contribution",
                "number",
                "To the distance from other samples.",
                "standard deviations of a unit",
            ),
            Column("share", "number", "Of the total over all genes."),
            Column("difference", "number", "Scaled expression, cluster less rest.", "standard deviations"),
        ),
    ),
    "agreement": Table(
        "One representation of the samples; where they have labels.",
        (
            Column("representation", "text", "bottleneck, PCA, all genes; permuted labels for chance."),
            *(
                Column(f"{name}{end}", "number", f"{meaning}{which}.")
                for end, which in (("", ""), ("_low", ": 2.5th percentile"), ("_high", ": 97.5th percentile"))
                for name, meaning in _MEASURES.items()
            ),
        ),
    ),
}
