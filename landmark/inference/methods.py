"""The ways of predicting target genes, by the name that configurations use."""

from collections.abc import Callable
from types import MappingProxyType

from landmark.inference.dgex import Dgex
from landmark.inference.knn import NearestGenes
from landmark.inference.predictor import Predictor
from landmark.inference.ridge import Ridge

METHODS: MappingProxyType[str, Callable[..., Predictor]] = MappingProxyType(
    {"ridge": Ridge, "knn": NearestGenes, "dgex": Dgex}
)
"""Called with the method's own settings, or with none for its defaults, each gives a predictor."""
