"""A graph network after Kim et al. 2025 as a predictor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

from landmark.inference.network import NetworkPredictor
from landmark.inference.predictor import Network, Task
from landmark.models.settings import GraphConfiguration
from landmark.progress import Report

if TYPE_CHECKING:  # not at run time, so that the other methods start without JAX
    from landmark.models.graph import TrainedGraph


@dataclass(frozen=True)
class Graph:
    """Predict target genes by a network whose nodes are genes.

    Attributes
    ----------
    configuration
        Its layers, units, edges and training; the defaults are the paper's.
    directory
        Folder of checkpoints, from which an interrupted training goes on; None keeps none. Each gene set needs
        a folder of its own.
    """

    configuration: GraphConfiguration = field(default_factory=GraphConfiguration)
    directory: Path | None = None

    def fit(self, task: Task, report: Report) -> "GraphPredictor":
        """Train; details: ``epochs`` trained and the highest ``validation_rank_correlation``."""
        from landmark.models.graph import train_graph

        return GraphPredictor(
            train_graph(
                *task.divided(),
                self.configuration,
                covariates=task.covariates,
                directory=self.directory,
                report=report,
            )
        )


@dataclass(frozen=True)
class GraphPredictor(NetworkPredictor):
    """A trained network."""

    method: ClassVar[str] = "graph"
    trained: "TrainedGraph"

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

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read from a folder.

        Raises
        ------
        BadRun
            If the files are missing or damaged.
        """
        from landmark.models.graph import GraphProblem
        from landmark.training.trained import Trained

        return cls(Trained.load(folder, GraphProblem))
