"""What the whole path finds: the figures of its steps."""

from pydantic import Field

from landmark.analyses.clusters.results import ClusterResults
from landmark.analyses.compare.results import CompareResults
from landmark.analyses.ranking.results import RankResults
from landmark.analyses.train.results import TrainResults
from landmark.results import Results


class PathResults(Results):
    """Figures of the whole path, by step."""

    train: TrainResults = Field(description="Of the autoencoder.")
    rank: RankResults = Field(description="Of the gene ranking.")
    compare: CompareResults = Field(description="Of the comparison.")
    cluster: ClusterResults = Field(description="Of the clusters.")
