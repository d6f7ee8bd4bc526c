"""What a user may ask for: one frozen configuration per verb. Imports no numerical library."""

from landmark.configuration import Configuration
from landmark.workflows.configuration.cluster import ClusterConfiguration
from landmark.workflows.configuration.compare import CompareConfiguration
from landmark.workflows.configuration.cross_platform import CrossPlatformConfiguration
from landmark.workflows.configuration.deepchrome import DeepchromeConfiguration
from landmark.workflows.configuration.enrich import EnrichConfiguration
from landmark.workflows.configuration.explain import ExplainConfiguration
from landmark.workflows.configuration.fit import FitConfiguration
from landmark.workflows.configuration.histones import HistonesConfiguration
from landmark.workflows.configuration.import_ import ImportConfiguration
from landmark.workflows.configuration.infer import InferConfiguration
from landmark.workflows.configuration.marks import MarksConfiguration
from landmark.workflows.configuration.merge import MergeConfiguration
from landmark.workflows.configuration.path import PathConfiguration
from landmark.workflows.configuration.prepare import PrepareConfiguration
from landmark.workflows.configuration.quality import QualityConfiguration
from landmark.workflows.configuration.rank import RankConfiguration
from landmark.workflows.configuration.seeds import SeedsConfiguration
from landmark.workflows.configuration.select import SelectConfiguration
from landmark.workflows.configuration.size import SizeConfiguration
from landmark.workflows.configuration.stability import StabilityConfiguration
from landmark.workflows.configuration.tournament import TournamentConfiguration
from landmark.workflows.configuration.train import TrainConfiguration

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
