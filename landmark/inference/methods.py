"""The ways of predicting target genes, by the name that configurations use."""

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

from landmark.inference.dgex import Dgex, DgexPredictor
from landmark.inference.graph import Graph, GraphPredictor
from landmark.inference.knn import NearestGenes, NeighbourPredictor
from landmark.inference.predictor import FittedPredictor, Predictor
from landmark.inference.ridge import Ridge, RidgePredictor

METHODS: MappingProxyType[str, Callable[..., Predictor]] = MappingProxyType(
    {"ridge": Ridge, "knn": NearestGenes, "dgex": Dgex, "graph": Graph}
)
"""Called with the method's own settings, or with none for its defaults, each gives a predictor."""

LOADERS: MappingProxyType[str, Callable[[Path], FittedPredictor]] = MappingProxyType(
    {
        fitted.method: fitted.load
        for fitted in (RidgePredictor, NeighbourPredictor, DgexPredictor, GraphPredictor)
    }
)
"""Each reads from a folder what the method has learned."""
