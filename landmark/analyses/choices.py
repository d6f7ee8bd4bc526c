"""Choices that several analyses share: what they build on, predictors, baselines, strategies of choosing genes."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, model_validator

from landmark.configuration import Configuration, GeneSetText, Newest, left_open
from landmark.models.settings import (
    ConcreteConfiguration,
    DgexConfiguration,
    EnsembleConfiguration,
    GraphConfiguration,
)

DatasetId = Annotated[str, Newest("dataset")]
RunId = str
TrainingRun = Annotated[str, Newest("train")]
GeneSetRef = Annotated[str, GeneSetText()]


PredictorName = Literal["ridge", "knn", "kernel", "sample_lasso", "ensemble", "dgex", "graph"]

PREDICTOR = (
    "How target genes are predicted: linear regression (ridge), nearest neighbours (knn), kernel ridge regression "
    "(kernel), mixtures of training samples after Mancuso et al. 2020 (sample_lasso), several predictors weighted "
    "(ensemble), D-GEX (dgex), or a graph network after Kim et al. 2025 (graph). The default, ridge, "
    "is ours, as it takes seconds; the paper's is D-GEX. Networks learn from nine tenths of the training samples and "
    "judge their epochs by the rest; the others learn from all."
)

PREDICTORS = {
    "ridge": "ridge regression",
    "knn": "nearest neighbours",
    "kernel": "kernel ridge regression",
    "sample_lasso": "SampleLASSO",
    "ensemble": "ensemble",
    "dgex": "D-GEX",
    "graph": "graph network",
}
"""What predictors are called in a sentence."""

NETWORKS = ("dgex", "graph")
"""Predictors that are trained in epochs: they take long, keep checkpoints and run on an accelerator."""


def beside(predictor: str, covariate: str) -> str:
    """Name a predictor with the annotation that it is given beside the genes: "ridge + tissue"."""
    return f"{predictor} + {covariate}" if covariate else predictor


def predictor_name(name: str, covariate: str = "") -> str:
    """Name a predictor in a sentence, with the annotation that it is given: "ridge regression + tissue"."""
    return beside(PREDICTORS.get(name, name), covariate)


def networks_among(predictors: Iterable[str], members: Iterable[str]) -> tuple[str, ...]:
    """Name the networks among predictors, and among the members of an ensemble where that is one of them."""
    chosen = set(predictors)
    if "ensemble" in chosen:
        chosen |= set(members)
    return tuple(name for name in NETWORKS if name in chosen)


def network_predicts(values: Mapping[str, Any]) -> bool:
    """Whether a predictor among the values of a configuration is a network, or an ensemble with one."""
    chosen = [values.get("predictor", ""), *values.get("predictors", ())]
    ensemble = EnsembleConfiguration.model_validate(values.get("ensemble", {}))
    return bool(networks_among(chosen, ensemble.members))


class NetworkSettings(Configuration):
    """Settings of those predictors that have any: networks and ensembles."""

    dgex: DgexConfiguration = Field(
        default_factory=DgexConfiguration, description="Settings of D-GEX, used when it is the predictor."
    )
    graph: GraphConfiguration = Field(
        default_factory=GraphConfiguration,
        description="Settings of the graph network, used when it is the predictor.",
    )
    ensemble: EnsembleConfiguration = Field(
        default_factory=EnsembleConfiguration,
        description="Settings of the ensemble, used when it is the predictor.",
    )


class PredictorChoice(NetworkSettings):
    """One predictor with its settings."""

    predictor: PredictorName = Field("ridge", description=PREDICTOR)

    @property
    def networks(self) -> tuple[str, ...]:
        """What of it is trained in epochs: the predictor, or members of an ensemble."""
        return networks_among([self.predictor], self.ensemble.members)

    @property
    def is_network(self) -> bool:
        """Whether the predictor, or a part of it, is trained in epochs."""
        return bool(self.networks)


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


class ReferenceChoice(Configuration):
    """The input that counts as nothing."""

    reference: Literal["training mean", "zero", "group mean"] = left_open(
        "training mean",
        "The input that counts as 'nothing': the mean training sample, zero expression, or the mean training "
        "sample of one group, for instance of normal tissue. The choice decides much: on the GDSC cell lines the "
        "top 467 genes from zero and from the training mean share 16%.",
    )
    reference_label: str = Field("", description="Annotation column of the group, for the group mean.")
    reference_group: str = Field("", description="Value of that column: the group whose mean is taken.")

    @model_validator(mode="after")
    def _group_is_named(self) -> Self:
        if self.reference == "group mean" and not (self.reference_label and self.reference_group):
            raise ValueError(
                "the group mean needs reference_label (a column) and reference_group (its value)"
            )
        if self.reference != "group mean" and (self.reference_label or self.reference_group):
            raise ValueError("reference_label and reference_group have no effect without the group mean")
        return self


Strategy = Literal[
    "left_out",
    "ranking",
    "reconstruction",
    "blend",
    "measured",
    "concrete",
    "medoids",
    "genebasis",
    "loadings",
    "variable",
    "random",
]

STRATEGIES: tuple[str, ...] = get_args(Strategy)

FORWARD = ("left_out", "reconstruction", "blend", "measured")
"""Strategies that take gene after gene for what the others leave unexplained."""

ANEW = ("concrete", "medoids")
"""Strategies that choose anew for each size; of the others the first genes are the smaller sets."""

CHECKED = ("left_out", "measured", "medoids", "genebasis", "loadings", "variable")
"""Strategies whose choice is checked within the training samples: those that train no network, and take minutes."""

NEED_MODELS = ("ranking", "reconstruction", "blend")
"""Strategies that ask trained autoencoders."""


class StrategySettings(Configuration):
    """Settings of the strategies; each looks at its own only."""

    reconstruction: float = Field(
        0.25,
        gt=0,
        lt=1,
        description="For blend: share of the autoencoder's reconstruction in what is to be explained; the rest are "
        "the measured values. How the default was found is not recorded. On RNAseqDB, which had no say in it (whole "
        "patients held out, every third gene, one split), the share hardly matters: with 100, 200 and 300 genes shares "
        "of 0.1, 0.25 and 0.5 err 5.5 to 5.9%, 3.2 to 3.6% and 2.3 to 2.6% less than as many of L1000, no share at all "
        "(measured) 5.2, 3.2 and 2.7% less.",
    )
    penalty: float | None = Field(
        None,
        gt=0,
        le=1000,
        description="For strategies that go gene by gene: penalty of the ridge regression inside the choice, per "
        "training sample. A larger one prefers genes that stand for many others. Empty to find the best: for left_out "
        "again and again while genes are chosen, by the left-out samples, with no bound; for the others of 1, 2 and 4 "
        "on a quarter of the training samples: genes are chosen from the others for it, though genes are scaled and "
        "networks were trained with it.",
    )
    concrete: ConcreteConfiguration = Field(
        default_factory=ConcreteConfiguration, description="Training of the concrete autoencoder."
    )
