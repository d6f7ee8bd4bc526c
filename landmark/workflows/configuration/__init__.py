"""What a user may ask for: one frozen configuration per verb. Imports no numerical library."""

from landmark.analyses.benchmark.config import TournamentConfiguration
from landmark.analyses.clusters.config import ClusterConfiguration
from landmark.analyses.compare.config import CompareConfiguration
from landmark.analyses.deepchrome.config import DeepchromeConfiguration
from landmark.analyses.explain.config import ExplainConfiguration
from landmark.analyses.fit.config import FitConfiguration
from landmark.analyses.functions.config import EnrichConfiguration
from landmark.analyses.histones.config import HistonesConfiguration
from landmark.analyses.import_data.config import ImportConfiguration
from landmark.analyses.marks.config import MarksConfiguration
from landmark.analyses.merge.config import MergeConfiguration
from landmark.analyses.overview.config import PathConfiguration
from landmark.analyses.platform.config import CrossPlatformConfiguration
from landmark.analyses.predictors.config import InferConfiguration
from landmark.analyses.prepare.config import PrepareConfiguration
from landmark.analyses.quality.config import QualityConfiguration
from landmark.analyses.ranking.config import RankConfiguration
from landmark.analyses.replicates.config import SeedsConfiguration
from landmark.analyses.selection.config import SelectConfiguration
from landmark.analyses.size.config import SizeConfiguration
from landmark.analyses.stability.config import StabilityConfiguration
from landmark.analyses.train.config import TrainConfiguration
from landmark.configuration import Configuration

CONFIGURATIONS: dict[str, type[Configuration]] = {
    "import": ImportConfiguration,
    "prepare": PrepareConfiguration,
    "quality": QualityConfiguration,
    "merge": MergeConfiguration,
    "train": TrainConfiguration,
    "rank": RankConfiguration,
    "compare": CompareConfiguration,
    "select": SelectConfiguration,
    "fit": FitConfiguration,
    "explain": ExplainConfiguration,
    "stability": StabilityConfiguration,
    "infer": InferConfiguration,
    "size": SizeConfiguration,
    "cross-platform": CrossPlatformConfiguration,
    "cluster": ClusterConfiguration,
    "enrich": EnrichConfiguration,
    "path": PathConfiguration,
    "seeds": SeedsConfiguration,
    "tournament": TournamentConfiguration,
    "histones": HistonesConfiguration,
    "deepchrome": DeepchromeConfiguration,
    "marks": MarksConfiguration,
}
"""The verbs and their configurations."""

__all__ = [
    "CONFIGURATIONS",
    "ClusterConfiguration",
    "CompareConfiguration",
    "CrossPlatformConfiguration",
    "DeepchromeConfiguration",
    "EnrichConfiguration",
    "ExplainConfiguration",
    "FitConfiguration",
    "HistonesConfiguration",
    "ImportConfiguration",
    "InferConfiguration",
    "MarksConfiguration",
    "MergeConfiguration",
    "PathConfiguration",
    "PrepareConfiguration",
    "QualityConfiguration",
    "RankConfiguration",
    "SeedsConfiguration",
    "SelectConfiguration",
    "SizeConfiguration",
    "StabilityConfiguration",
    "TournamentConfiguration",
    "TrainConfiguration",
]
