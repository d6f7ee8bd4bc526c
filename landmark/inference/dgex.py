"""D-GEX, the network of Chen et al. 2016, as a predictor."""

from dataclasses import dataclass, field
from pathlib import Path

from landmark.inference.predictor import Answer, Task
from landmark.progress import Report
from landmark.training.configuration import DgexConfiguration


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

    def __call__(self, task: Task, report: Report) -> Answer:
        """Learn and predict; details: ``epochs`` trained and the least ``validation_error`` (mean absolute)."""
        # here, not above, so that the other methods start without JAX
        from landmark.training.dgex import train_dgex

        fitted, held = ~task.validation, task.validation
        trained = train_dgex(
            task.landmarks[fitted],
            task.targets[fitted],
            task.landmarks[held],
            task.targets[held],
            self.configuration,
            directory=self.directory,
            report=report,
        )
        details = {
            "epochs": float(trained.history["epoch"].max()),
            "validation_error": float(trained.history["validation_loss"].min()),
        }
        return Answer(trained.predict(task.test_landmarks), details)
