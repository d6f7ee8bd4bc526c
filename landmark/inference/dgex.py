"""D-GEX, the network of Chen et al. 2016, as a predictor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

from landmark.inference.network import NetworkPredictor
from landmark.inference.predictor import Network, Task
from landmark.models.settings import DgexConfiguration
from landmark.progress import Report

if TYPE_CHECKING:  # not at run time, so that the other methods start without JAX
    from landmark.models.dgex import TrainedDgex


@dataclass(frozen=True)
class Dgex:
    """Predict target genes by a network trained on the training samples.

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

    def fit(self, task: Task, report: Report) -> "DgexPredictor":
        """Train; details: ``epochs`` trained and the least ``validation_error`` (mean absolute)."""
        from landmark.models.dgex import train_dgex

        return DgexPredictor(
            train_dgex(
                *task.divided(),
                self.configuration,
                directory=self.directory,
                report=report,
            )
        )


@dataclass(frozen=True)
class DgexPredictor(NetworkPredictor):
    """A trained network."""

    method: ClassVar[str] = "dgex"
    trained: "TrainedDgex"

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

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read from a folder.

        Raises
        ------
        BadRun
            If the files are missing or damaged.
        """
        from landmark.models.dgex import DgexProblem
        from landmark.training.trained import Trained

        return cls(Trained.load(folder, DgexProblem))
