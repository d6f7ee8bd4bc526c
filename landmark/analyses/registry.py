"""All analyses, in the order in which people meet them."""

from collections.abc import Mapping
from typing import Any

from landmark.analyses.analysis import Analysis
from landmark.analyses.benchmark import BENCHMARK
from landmark.analyses.clusters import CLUSTER
from landmark.analyses.compare import COMPARE
from landmark.analyses.explain import EXPLAIN
from landmark.analyses.fit import FIT
from landmark.analyses.functions import ENRICH
from landmark.analyses.import_data import IMPORT
from landmark.analyses.infer import INFER
from landmark.analyses.keep import KEEP
from landmark.analyses.merge import MERGE
from landmark.analyses.overview import PATH
from landmark.analyses.platform import PLATFORM
from landmark.analyses.predictors import PREDICTORS
from landmark.analyses.prepare import PREPARE
from landmark.analyses.quality import QUALITY
from landmark.analyses.ranking import RANK
from landmark.analyses.replicates import SEEDS
from landmark.analyses.selection import SELECT
from landmark.analyses.size import SIZE
from landmark.analyses.stability import STABILITY
from landmark.analyses.train import TRAIN
from landmark.epigenome.deepchrome import DEEPCHROME
from landmark.epigenome.histones import HISTONES
from landmark.epigenome.marks import MARKS

ANALYSES: Mapping[str, Analysis[Any, Any]] = {
    analysis.name: analysis
    for analysis in (
        PATH,
        IMPORT,
        PREPARE,
        QUALITY,
        MERGE,
        TRAIN,
        RANK,
        SELECT,
        STABILITY,
        ENRICH,
        FIT,
        EXPLAIN,
        COMPARE,
        PREDICTORS,
        INFER,
        KEEP,
        SIZE,
        PLATFORM,
        SEEDS,
        BENCHMARK,
        CLUSTER,
        HISTONES,
        DEEPCHROME,
        MARKS,
    )
}
"""Name of the command, and of the kind of run that is stored, to the analysis."""

MAKERS = tuple(name for name, analysis in ANALYSES.items() if analysis.adopts == "dataset")
"""Kinds of runs that make a dataset."""
