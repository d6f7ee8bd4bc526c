"""What a training of the autoencoder needs: memory, disk, time. Arithmetic only, imports no jax."""

from dataclasses import dataclass

from landmark.models.settings import AutoencoderConfiguration
from landmark.models.size import FLOAT32, Size, autoencoder_size, training_bytes
from landmark.training.data import window_rows

IN_MEMORY_SHARE = 1 / 8
"""Datasets up to this share of the memory are loaded; larger ones are read from the disk while training runs.

Loading, splitting, scaling and the baseline of principal components hold up to six copies for a while.
"""

RESIDENT_SHARE = 0.4
"""Scaled samples stay on the device up to this share of its memory, as in ``fit``."""

MOST_MEASURED = 5000
"""Samples at most on which the reconstruction is measured where the dataset is not loaded."""

PROGRAM_BYTES = 1_000_000_000
"""The program itself with its libraries and compiled steps, about."""

WINDOWS = 3
"""Windows of streamed samples at a time: one trains, one is read, one is on its way."""

KEPT_CHECKPOINTS = 2

OVERHEAD_SECONDS = 10.0
"""Starting the process, compiling, reading and writing, about."""

EXACT_COMPONENTS = 3000
COMPONENT_PASSES = 6
HOST_SHARE = 0.4
"""Share of the matrix-product rate that measuring the reconstruction reaches, about."""


@dataclass(frozen=True)
class Task:
    """A training to be judged.

    Attributes
    ----------
    train, test
        Number of training and of held-out samples.
    """

    network: AutoencoderConfiguration
    train: int
    test: int
    genes: int

    @property
    def size(self) -> Size:
        """Weights and arithmetic of the network."""
        return autoencoder_size(self.network, self.genes)

    @property
    def data_bytes(self) -> int:
        """All samples as float32."""
        return FLOAT32 * (self.train + self.test) * self.genes

    @property
    def step(self) -> str:
        """Name what the time of one step depends on."""
        chosen = self.network
        dropped = "with" if chosen.dropout else "without"
        return (
            f"{self.genes}-{chosen.hidden}-{chosen.bottleneck} {chosen.output}, batch {chosen.batch_size}, "
            f"{chosen.precision}, {dropped} dropout"
        )


@dataclass(frozen=True)
class Memory:
    """Memory in bytes.

    Attributes
    ----------
    host
        At most, over the whole run, on the machine; without an accelerator the training's own is part of it.
    device
        Of an accelerator; 0 where the processors train.
    loaded
        Whether the dataset is loaded, or else read from the disk while training runs.
    """

    host: int
    device: int
    loaded: bool


def fits_in_memory(data_bytes: int, memory_total: int) -> bool:
    """Tell whether a dataset is loaded, rather than read from the disk while training runs."""
    return data_bytes <= IN_MEMORY_SHARE * memory_total


def memory(task: Task, memory_total: int, device_memory: int | None) -> Memory:
    """Add up what a training holds at once.

    Parameters
    ----------
    task
        What is trained on what.
    memory_total
        Memory of the machine, in bytes.
    device_memory
        Memory of an accelerator; None where the processors train.
    """
    loaded = fits_in_memory(task.data_bytes, memory_total)
    resident = task.data_bytes <= RESIDENT_SHARE * (device_memory or memory_total)
    window = FLOAT32 * min(window_rows(task.network.batch_size), task.train) * task.genes
    training = training_bytes(task.network, task.size, task.train)
    training += task.data_bytes if resident else WINDOWS * window
    kept = task.data_bytes if loaded else 0
    staged = task.data_bytes if resident else WINDOWS * window
    measuring = kept + _measuring_bytes(task, loaded)
    host = max(kept + (staged if device_memory else training), measuring)
    return Memory(PROGRAM_BYTES + host, training if device_memory else 0, loaded)


def disk_bytes(task: Task, most_predictions: int, runs: int = 1) -> int:
    """Add up checkpoints, which go when a run is finished, and what runs keep: network and predictions.

    Parameters
    ----------
    most_predictions
        Samples at most whose predictions are kept.
    runs
        Number of such trainings, one after the other.
    """
    copies = 3 + (task.network.keep == "best")  # weights and Adam's two moments
    kept = task.size.weights + 2 * min(task.test, most_predictions) * task.genes
    return FLOAT32 * (KEPT_CHECKPOINTS * copies * task.size.weights + runs * kept)


def seconds(task: Task, step_seconds: float, host_rate: float, loaded: bool) -> float:
    """Estimate the time to the end of the run.

    Parameters
    ----------
    step_seconds
        Of one training step of this task.
    host_rate
        FLOP per second of a float32 matrix product of the processors, which measure the reconstruction.
    loaded
        As in ``Memory``.
    """
    steps = -(-task.train // task.network.batch_size)
    # Judging an epoch takes the forward third of a step's arithmetic.
    epoch = step_seconds * (steps + task.test / task.network.batch_size / 3)
    measuring = _measuring_flop(task, loaded) / (HOST_SHARE * host_rate)
    return OVERHEAD_SECONDS + task.network.epochs * epoch + measuring


def _measured(task: Task, loaded: bool) -> tuple[int, int]:
    """Return on how many training and held-out samples the reconstruction is measured."""
    if loaded:
        return task.train, task.test
    return min(task.train, MOST_MEASURED), min(task.test, MOST_MEASURED)


def _measuring_bytes(task: Task, loaded: bool) -> int:
    train, test = _measured(task, loaded)
    exact = min(train, task.genes) <= EXACT_COMPONENTS
    # Training samples scaled and centred, for exact components also in float64; four arrays of held-out samples.
    return FLOAT32 * task.genes * (train * (4 if exact else 2) + 4 * test)


def _measuring_flop(task: Task, loaded: bool) -> float:
    train, test = _measured(task, loaded)
    permutation = 2 * task.genes**2 * test
    fewer, more = sorted((train, task.genes))
    if fewer <= EXACT_COMPONENTS:
        return permutation + 2 * 2 * fewer**2 * more  # float64: half the rate
    return permutation + 4 * COMPONENT_PASSES * train * task.genes * task.network.bottleneck
