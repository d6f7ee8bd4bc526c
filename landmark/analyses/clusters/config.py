"""Which samples to cluster, and how. Imports no numerical library."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from landmark.analyses.choices import TrainingRun
from landmark.configuration import Asked, Configuration, left_open


class ClusterConfiguration(Configuration):
    """Cluster samples by their bottleneck values."""

    model: TrainingRun = Field(description="The training run whose encoder embeds the samples.")
    dataset: str = Field(
        "", description="Dataset whose samples are embedded; empty for the one that the model was trained on."
    )
    label: str = Field("", description="Annotation column to compare clusters with; empty for a proposal.")
    groups: Annotated[tuple[str, ...], Asked("--group")] = Field(
        (), description="Values of the label to include; empty for a proposal."
    )
    linkage: Literal["average", "complete", "single", "ward"] = left_open(
        "average", "Linkage of the dendrogram."
    )
    distance: Literal["correlation", "euclidean", "cosine"] = left_open(
        "correlation", "Distance between samples."
    )
    clusters: int = Field(
        0,
        ge=0,
        le=50,
        description="Number of clusters; 0 for as many as there are groups, or, where samples have no label, as many "
        "as the silhouette proposes.",
    )
    most_missing: float = left_open(
        0.2,
        "Largest share of the model's genes that a dataset may lack; they are filled with the mean of the training "
        "samples.",
        ge=0,
        le=0.9,
    )
    scaling: Literal["model", "dataset"] = left_open(
        "model",
        "Genes are scaled by the means and deviations of the model's training samples, or by those of the dataset "
        "itself, for one in another unit or of another platform.",
    )
    seed: int = left_open(0, "Seed of UMAP, of the permuted labels and of the intervals.", ge=0)

    @model_validator(mode="after")
    def _ward_is_euclidean(self) -> "ClusterConfiguration":
        if self.linkage == "ward" and self.distance != "euclidean":
            raise ValueError("ward linkage needs the euclidean distance")
        return self
