"""How target genes are predicted: the choices that several verbs share. Imports no numerical library."""

from typing import Literal

from pydantic import Field

from landmark.configuration import Configuration
from landmark.training.configuration import DgexConfiguration, GraphConfiguration

PredictorName = Literal["ridge", "knn", "dgex", "graph"]

PREDICTOR = (
    "How target genes are predicted: linear regression (ridge), nearest neighbours (knn), D-GEX (dgex), or a graph "
    "network after Kim et al. 2025 (graph). The default, ridge, is ours, as it takes seconds; the paper's is D-GEX. "
    "Networks learn from nine tenths of the training samples and judge their epochs by the rest; the others learn from "
    "all."
)

NETWORKS = ("dgex", "graph")
"""Predictors that are trained in epochs: they take long, keep checkpoints and run on an accelerator."""


def beside(predictor: str, covariate: str) -> str:
    """Name a predictor with the annotation that it is given beside the genes: "ridge + tissue"."""
    return f"{predictor} + {covariate}" if covariate else predictor


class NetworkSettings(Configuration):
    """Settings of the networks among the predictors."""

    dgex: DgexConfiguration = Field(
        default_factory=DgexConfiguration, description="Settings of D-GEX, used when it is the predictor."
    )
    graph: GraphConfiguration = Field(
        default_factory=GraphConfiguration,
        description="Settings of the graph network, used when it is the predictor.",
    )


class PredictorChoice(NetworkSettings):
    """One predictor with its settings."""

    predictor: PredictorName = Field("ridge", description=PREDICTOR)

    @property
    def is_network(self) -> bool:
        """Whether the predictor is trained in epochs."""
        return self.predictor in NETWORKS


class CovariateChoice(Configuration):
    """An annotation as an input beside the landmark genes."""

    covariate: str = Field(
        "",
        description="Annotation of the samples, such as tissue, that the prediction is made from beside the landmark "
        "genes, as in Kim et al. 2025; empty for none.",
    )


class BesideChance(PredictorChoice):
    """One predictor, for gene sets and for random sets of their size."""

    random_sets: int | None = Field(
        None,
        ge=0,
        le=200,
        description="Number of random sets of the same size, as chance; empty for 20, or 3 with a network, which "
        "takes much longer.",
    )

    @property
    def chance_sets(self) -> int:
        """The number of random sets."""
        if self.random_sets is not None:
            return self.random_sets
        return 3 if self.is_network else 20
