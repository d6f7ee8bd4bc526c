"""Networks trained by gradient descent as predictors: D-GEX (Chen et al. 2016) and a graph network (Kim et al. 2025).

What needs JAX is imported where it is used, so that the other methods start without it.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import pandas as pd

from landmark.inference.predictor import Network, Task
from landmark.models.settings import DgexConfiguration, GraphConfiguration
from landmark.progress import Report

if TYPE_CHECKING:
    from landmark.training.trained import Trained


@dataclass(frozen=True)
class NetworkPredictor(ABC):
    """A trained network as a fitted predictor."""

    trained: "Trained[Any]"

    @staticmethod
    @abstractmethod
    def _problem() -> type:
        """Return the problem that the network solves."""

    @property
    def history(self) -> pd.DataFrame:
        """One row per epoch; see the trained network."""
        return self.trained.history

    def predict(self, landmarks: np.ndarray) -> np.ndarray:
        """Predict all targets, [samples, landmarks], covariates among them, to float32 [samples, targets]."""
        return self.trained.apply(landmarks)

    def save(self, folder: Path) -> None:
        """Write into a folder."""
        self.trained.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read from a folder.

        Raises
        ------
        BadRun
            If the files are missing or damaged.
        """
        from landmark.training.trained import Trained

        return cls(Trained.load(folder, cls._problem()))


@dataclass(frozen=True)
class Dgex:
    """Predict target genes by a network of dense layers.

    Attributes
    ----------
    configuration
        Its layers, units and training; the defaults are the paper's.
    directory
        Folder of checkpoints, from which an interrupted training goes on; None keeps none. Each gene set needs
        a folder of its own.
    """

    configuration: DgexConfiguration = field(default_factory=DgexConfiguration)
    directory: Path | None = None

    def apart(self, name: str) -> Self:
        """Return the same with a folder of checkpoints of its own for one of several fits."""
        return replace(self, directory=self.directory / name) if self.directory else self

    def fit(self, task: Task, report: Report) -> "DgexPredictor":
        """Train; details: ``epochs`` trained and the least ``validation_error`` (mean absolute)."""
        from landmark.models.dgex import train_dgex

        trained = train_dgex(*task.divided(), self.configuration, directory=self.directory, report=report)
        return DgexPredictor(trained)


@dataclass(frozen=True)
class DgexPredictor(NetworkPredictor):
    """A trained network of dense layers."""

    method: ClassVar[str] = "dgex"

    @staticmethod
    def _problem() -> type:
        from landmark.models.dgex import DgexProblem

        return DgexProblem

    @property
    def details(self) -> Mapping[str, float]:
        """Epochs trained, and the least error on validation samples."""
        return {
            "epochs": float(self.history["epoch"].max()),
            "validation_error": float(self.history["validation_loss"].min()),
        }

    def network(self, columns: Sequence[int]) -> Network:
        """Return the network with only some of its outputs.

        It computes in float32 whatever it was trained in: rounding inside would blur what is explained.
        """
        from landmark.models.dgex import DgexProblem

        chosen = list(columns)
        parameters = dict(self.trained.parameters)
        parameters["output"] = {name: values[..., chosen] for name, values in parameters["output"].items()}
        exact = self.trained.problem.configuration.model_copy(update={"precision": "float32"})
        return Network(DgexProblem(exact, self.trained.problem.landmarks, len(chosen)), parameters)


@dataclass(frozen=True)
class Graph:
    """Predict target genes by a network whose nodes are genes.

    Attributes
    ----------
    configuration, directory
        As of ``Dgex``.
    """

    configuration: GraphConfiguration = field(default_factory=GraphConfiguration)
    directory: Path | None = None

    def apart(self, name: str) -> Self:
        """Return the same with a folder of checkpoints of its own for one of several fits."""
        return replace(self, directory=self.directory / name) if self.directory else self

    def fit(self, task: Task, report: Report) -> "GraphPredictor":
        """Train; details: ``epochs`` trained and the highest ``validation_rank_correlation``."""
        from landmark.models.graph import train_graph

        trained = train_graph(
            *task.divided(),
            self.configuration,
            covariates=task.covariates,
            directory=self.directory,
            report=report,
        )
        return GraphPredictor(trained)


@dataclass(frozen=True)
class GraphPredictor(NetworkPredictor):
    """A trained graph network."""

    method: ClassVar[str] = "graph"

    @staticmethod
    def _problem() -> type:
        from landmark.models.graph import GraphProblem

        return GraphProblem

    @property
    def details(self) -> Mapping[str, float]:
        """Epochs trained, and the highest rank correlation over the targets of a validation sample, on average."""
        return {
            "epochs": float(self.history["epoch"].max()),
            "validation_rank_correlation": 1 - float(self.history["validation_loss"].min()),
        }

    def network(self, columns: Sequence[int]) -> Network:
        """Return the network with only some of its outputs."""
        from landmark.models.graph import EDGES, LAST, Unrolled
        from landmark.models.graph_operations import Edges

        chosen, trained, problem = list(columns), self.trained, self.trained.problem
        last = f"layer_{problem.configuration.layers}"
        weights = trained.parameters[last]
        parameters = {
            **trained.parameters,
            last: {
                "block": weights["block"][chosen],
                "neighbours": weights["neighbours"][:, chosen],
                "bias": weights["bias"][chosen],
            },
            EDGES: Edges(problem.neighbours),
            LAST: Edges(problem.neighbours[:, chosen]),
        }
        return Network(Unrolled(problem), parameters)
