"""What a user may ask for: one frozen configuration per verb. Imports no numerical library."""

from typing import Literal

from pydantic import Field, model_validator

from landmark.configuration import Configuration, left_open, stated
from landmark.training.configuration import LARGEST_SEED, AutoencoderConfiguration, DgexConfiguration

DatasetId = str
RunId = str


class ImportConfiguration(Configuration):
    """Bring a matrix in: from a file or from an example."""

    path: str = Field("", description="File to read.")
    example: str = Field("", description="Name of a built-in example, instead of a file.")
    title: str = Field("", description="Name shown to people; by default that of the file or example.")
    log2: bool = Field(False, description="Take log2(x + 1): for values that are not logged yet.")
    collapse: Literal["none", "mean", "most variable"] = Field(
        "none",
        description="Bring probes of one gene together, by their mean or by keeping the most variable one.",
    )
    held_out: float = left_open(
        0.2,
        "Share of the samples kept for testing. The paper holds out 10% of 111,009; smaller collections need "
        "more for steady figures.",
        gt=0,
        lt=1,
    )
    seed: int = left_open(0, "Seed of the split, and of the example where it is simulated.", ge=0)

    @model_validator(mode="after")
    def _one_source(self) -> "ImportConfiguration":
        if bool(self.path) == bool(self.example):
            raise ValueError("give either a file or the name of an example")
        return self


class TrainConfiguration(Configuration):
    """Train the paper's autoencoder."""

    dataset: DatasetId = Field(description="The dataset to train on.")
    network: AutoencoderConfiguration = Field(
        default_factory=AutoencoderConfiguration,
        description="Network and optimisation; the defaults are the paper's.",
    )


class RankConfiguration(Configuration):
    """Score every gene by its contribution to the bottleneck."""

    model: RunId = Field(description="The training run whose encoder is asked.")
    reference: Literal["training mean", "zero", "group mean"] = left_open(
        "training mean",
        "The input that counts as 'nothing': the mean training sample, zero expression, or the mean training "
        "sample of one group, for instance of normal tissue.",
    )
    reference_label: str = Field("", description="Annotation column of the group, for the group mean.")
    reference_group: str = Field("", description="Value of that column: the group whose mean is taken.")
    target: Literal["pre", "post"] = left_open(
        "pre",
        "Attribute to the bottleneck before (pre) or after (post) its sigmoid; the original library: pre.",
    )
    aggregation: Literal["mean_absolute", "absolute_mean"] = left_open(
        "mean_absolute", "Average |contribution| over samples, or take the absolute value of the average."
    )

    @model_validator(mode="after")
    def _group_is_named(self) -> "RankConfiguration":
        if self.reference == "group mean" and not (self.reference_label and self.reference_group):
            raise ValueError(
                "the group mean needs reference_label (a column) and reference_group (its value)"
            )
        if self.reference != "group mean" and (self.reference_label or self.reference_group):
            raise ValueError("reference_label and reference_group have no effect without the group mean")
        return self


class CompareConfiguration(Configuration):
    """Ask which gene set predicts the other genes better."""

    dataset: DatasetId = Field(description="The dataset to compare on.")
    sets: tuple[str, ...] = Field(
        ("L1000",),
        min_length=1,
        max_length=6,
        description="Sets: L1000, variable, <ranking run>:<number of genes>, or list:<file>.",
    )
    predictor: Literal["ridge", "knn", "dgex"] = left_open(
        "ridge",
        "How target genes are predicted: linear regression, nearest neighbours, or D-GEX (the paper's).",
    )
    targets: Literal["common", "own", "all"] = stated(
        "common", "Genes that are predicted: those in none of the sets, those outside each set, or all."
    )
    same_size: bool = Field(True, description="Cut all sets to the size of the smallest.")
    random_sets: int | None = Field(
        None,
        ge=0,
        le=200,
        description="Number of random sets of the same size, as chance; empty for 20, or 3 with D-GEX, which "
        "takes much longer.",
    )
    seed: int = left_open(0, "Seed of the random sets, the choice of penalty and D-GEX.", ge=0)
    dgex: DgexConfiguration = Field(
        default_factory=DgexConfiguration, description="Settings of D-GEX, used when it is the predictor."
    )

    @property
    def chance_sets(self) -> int:
        """The number of random sets."""
        if self.random_sets is not None:
            return self.random_sets
        return 3 if self.predictor == "dgex" else 20


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


class PathConfiguration(Configuration):
    """Walk the paper's whole path: import, train, rank, compare, cluster."""

    dataset: DatasetId = Field(
        "", description="A dataset that is there already; empty to import the example."
    )
    example: str = Field("gdsc", description="The example to import where no dataset is given.")
    network: AutoencoderConfiguration = Field(
        default_factory=AutoencoderConfiguration,
        description="Network and optimisation; the defaults are the paper's.",
    )
    predictor: Literal["ridge", "knn", "dgex"] = left_open("ridge", "How target genes are predicted.")
    random_sets: int | None = Field(
        None,
        ge=0,
        le=200,
        description="Number of random sets beside the comparison; empty for 20, or 3 with D-GEX.",
    )


class SeedsConfiguration(Configuration):
    """Train, rank, compare and cluster with several seeds."""

    dataset: DatasetId = Field(description="The dataset to repeat everything on.")
    network: AutoencoderConfiguration = Field(
        default_factory=AutoencoderConfiguration,
        description="Network and optimisation; the defaults are the paper's. Its seed is each seed in turn.",
    )
    seeds: int = Field(3, ge=2, le=20, description="Number of seeds: how often everything is repeated.")
    first_seed: int = Field(
        0, ge=0, le=LARGEST_SEED - 20, description="The first seed; the others are the numbers after it."
    )
    predictor: Literal["ridge", "knn", "dgex"] = left_open("ridge", "How target genes are predicted.")
    random_sets: int = Field(
        5, ge=0, le=200, description="Number of random sets beside the comparison of each seed."
    )

    @model_validator(mode="after")
    def _one_place_for_seeds(self) -> "SeedsConfiguration":
        if self.network.seed:
            raise ValueError("choose seeds by first_seed; the seed of the network has no effect here")
        return self

    @property
    def all_seeds(self) -> range:
        """The seeds, in order."""
        return range(self.first_seed, self.first_seed + self.seeds)


CONFIGURATIONS: dict[str, type[Configuration]] = {
    "import": ImportConfiguration,
    "train": TrainConfiguration,
    "rank": RankConfiguration,
    "compare": CompareConfiguration,
    "cluster": ClusterConfiguration,
    "path": PathConfiguration,
    "seeds": SeedsConfiguration,
}
"""The verbs and their configurations."""
