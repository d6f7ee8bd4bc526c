"""A predictor with the names and scales of its genes: what is stored, and used on any samples."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

import numpy as np
import pandas as pd

from landmark.data.scaling import Scaling
from landmark.errors import BadData
from landmark.inference.covariate import Covariate
from landmark.inference.ensemble import Ensemble, EnsemblePredictor
from landmark.inference.kernel_ridge import KernelPredictor, KernelRidge
from landmark.inference.knn import NearestGenes, NeighbourPredictor
from landmark.inference.networks import Dgex, DgexPredictor, Graph, GraphPredictor
from landmark.inference.predictor import FittedPredictor, Predictor
from landmark.inference.ridge import Ridge, RidgePredictor
from landmark.inference.sample_lasso import FittedSampleLasso, SampleLasso
from landmark.models.settings import EnsembleConfiguration
from landmark.training.artefact import load_artefact, save_artefact

_SINGLE: Mapping[str, Callable[..., Predictor]] = {
    "ridge": Ridge,
    "knn": NearestGenes,
    "kernel": KernelRidge,
    "sample_lasso": SampleLasso,
    "dgex": Dgex,
    "graph": Graph,
}


def _ensemble(members: Mapping[str, Predictor] | None = None, seed: int = 0) -> Ensemble:
    """Make an ensemble of methods by their names; without any, of those that a configuration has from the start."""
    return Ensemble(members or {name: _SINGLE[name]() for name in EnsembleConfiguration().members}, seed=seed)


METHODS: MappingProxyType[str, Callable[..., Predictor]] = MappingProxyType(
    {**_SINGLE, "ensemble": _ensemble}
)
"""Called with the method's own settings, or with none for its defaults, each gives a predictor."""

_LOADERS: Mapping[str, Callable[[Path], FittedPredictor]] = {
    fitted.method: fitted.load
    for fitted in (
        RidgePredictor,
        NeighbourPredictor,
        KernelPredictor,
        FittedSampleLasso,
        DgexPredictor,
        GraphPredictor,
    )
}

LOADERS: MappingProxyType[str, Callable[[Path], FittedPredictor]] = MappingProxyType(
    {**_LOADERS, EnsemblePredictor.method: partial(EnsemblePredictor.load, loaders=_LOADERS)}
)
"""Each reads from a folder what the method has learned."""


KIND = "predictor"
LEARNED = "learned"


@dataclass(frozen=True)
class TrainedPredictor:
    """What a method learned from training samples, by gene names.

    Attributes
    ----------
    landmarks, targets
        Names of the genes it takes and gives, in order.
    landmark_scaling, target_scaling
        Of these genes, learned from the training samples.
    fitted
        What was learned.
    covariate
        The annotation that is an input beside the landmark genes; None for none.
    """

    landmarks: tuple[str, ...]
    targets: tuple[str, ...]
    landmark_scaling: Scaling
    target_scaling: Scaling
    fitted: FittedPredictor
    covariate: Covariate | None = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs: landmark genes, then the groups of the annotation ("tissue: lung")."""
        return self.landmarks + (self.covariate.columns if self.covariate else ())

    @property
    def input_scaling(self) -> Scaling:
        """Of all inputs, in their order."""
        if self.covariate is None:
            return self.landmark_scaling
        parts = self.landmark_scaling, self.covariate.scaling
        return Scaling(
            np.concatenate([part.shift for part in parts]), np.concatenate([part.scale for part in parts])
        )

    def with_covariate(self, landmarks: np.ndarray, labels: Sequence[str] | None) -> np.ndarray:
        """Put the columns of the annotation beside standardised landmark genes, float32 [samples, inputs].

        Parameters
        ----------
        landmarks
            Standardised, [samples, landmarks].
        labels
            The annotation of the samples; needed where the predictor was fitted with one.

        Raises
        ------
        BadData
            If the predictor needs the annotation and there is none.
        """
        if self.covariate is None:
            return landmarks
        if labels is None:
            raise BadData(
                f"This predictor was fitted with the annotation {self.covariate.name!r}, which these samples do not "
                "have. Add it, or fit a predictor without it."
            )
        return np.hstack([landmarks, self.covariate.inputs(labels)])

    def columns(self, targets: Sequence[str]) -> list[int]:
        """Return the places of some targets.

        Raises
        ------
        BadData
            If one is not predicted.
        """
        place = {gene: number for number, gene in enumerate(self.targets)}
        if unknown := [gene for gene in targets if gene not in place]:
            measured = unknown[0] in self.landmarks
            why = "it is a landmark gene itself" if measured else "the dataset does not have it"
            raise BadData(
                f"{unknown[0]} is not among the {len(place):,} genes that are predicted: {why}. Choose another gene."
            )
        return [place[gene] for gene in targets]

    def save(self, folder: Path) -> None:
        """Write into a folder."""
        arrays = {
            "landmarks": {"shift": self.landmark_scaling.shift, "scale": self.landmark_scaling.scale},
            "targets": {"shift": self.target_scaling.shift, "scale": self.target_scaling.scale},
        }
        description: dict[str, Any] = {
            "method": self.fitted.method,
            "landmarks": self.landmarks,
            "targets": self.targets,
        }
        if covariate := self.covariate:
            arrays["covariate"] = {"shift": covariate.scaling.shift, "scale": covariate.scaling.scale}
            description["covariate"] = {"name": covariate.name, "groups": covariate.groups}
        save_artefact(folder, KIND, arrays, description, pd.DataFrame())
        self.fitted.save(folder / LEARNED)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read from a folder.

        Raises
        ------
        BadRun
            If the files are missing or damaged.
        """
        arrays, about, _ = load_artefact(folder, KIND)
        return cls(
            tuple(about["landmarks"]),
            tuple(about["targets"]),
            Scaling(**arrays["landmarks"]),
            Scaling(**arrays["targets"]),
            LOADERS[about["method"]](folder / LEARNED),
            _covariate(about, arrays),
        )

    def predict(self, landmarks: np.ndarray, labels: Sequence[str] | None = None) -> np.ndarray:
        """Predict all targets of any samples, both in the units of the dataset; see ``with_covariate``."""
        inputs = self.with_covariate(self.landmark_scaling.apply(landmarks), labels)
        return self.target_scaling.invert(self.fitted.predict(inputs))


def _covariate(about: Mapping[str, Any], arrays: Mapping[str, Any]) -> Covariate | None:
    if "covariate" not in about:  # also where an older version stored it
        return None
    return Covariate(
        about["covariate"]["name"], tuple(about["covariate"]["groups"]), Scaling(**arrays["covariate"])
    )
