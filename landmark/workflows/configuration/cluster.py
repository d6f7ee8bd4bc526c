"""Which samples to cluster, and how. Imports no numerical library."""

from typing import Literal

from pydantic import Field, model_validator

from landmark.configuration import Configuration, left_open
from landmark.workflows.configuration.names import RunId


class ClusterConfiguration(Configuration):
    """Cluster samples by their bottleneck values."""

    model: RunId = Field(description="The training run whose encoder embeds the samples.")
    label: str = Field("", description="Annotation column to compare clusters with; empty for a proposal.")
    groups: tuple[str, ...] = Field((), description="Values of the label to include; empty for a proposal.")
    linkage: Literal["average", "complete", "single", "ward"] = left_open(
        "average", "Linkage of the dendrogram."
    )
    distance: Literal["correlation", "euclidean", "cosine"] = left_open(
        "correlation", "Distance between samples."
    )
    clusters: int = Field(
        0, ge=0, le=50, description="Number of clusters; 0 for as many as there are groups."
    )
    seed: int = left_open(0, "Seed of UMAP and of the permuted labels.", ge=0)

    @model_validator(mode="after")
    def _ward_is_euclidean(self) -> "ClusterConfiguration":
        if self.linkage == "ward" and self.distance != "euclidean":
            raise ValueError("ward linkage needs the euclidean distance")
        return self
