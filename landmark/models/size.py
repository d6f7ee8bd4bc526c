"""How large a training is: weights, arithmetic, memory and disk; refuses what cannot work. Imports no jax."""

from dataclasses import dataclass

from landmark.errors import BadConfiguration
from landmark.models.settings import AutoencoderConfiguration, DgexConfiguration
from landmark.training.data import window_rows

FLOAT32 = 4
GIGABYTE = 1e9

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

EXACT_COMPONENTS = 3000
"""With fewer samples or genes, principal components are computed exactly, in float64."""


@dataclass(frozen=True)
class Size:
    """Weights and arithmetic of a network whose layers have these widths, from input to output."""

    layers: tuple[int, ...]

    @property
    def weights(self) -> int:
        """Number of weights and biases."""
        return sum((a + 1) * b for a, b in zip(self.layers, self.layers[1:], strict=False))

    @property
    def flop_per_sample(self) -> int:
        """Floating-point operations in matrix products for one sample in one training step.

        Two per weight forwards, two for the gradient of the weights, two for the gradient of a layer's input, which
        the first layer does not need.
        """
        products = [a * b for a, b in zip(self.layers, self.layers[1:], strict=False)]
        return 6 * sum(products) - 2 * products[0]


def autoencoder_size(configuration: AutoencoderConfiguration, genes: int) -> Size:
    """Size of the autoencoder for a number of genes."""
    hidden, bottleneck = configuration.hidden, configuration.bottleneck
    return Size((genes, hidden, bottleneck, hidden, genes))


def dgex_size(configuration: DgexConfiguration, landmarks: int, targets: int) -> Size:
    """Size of D-GEX for numbers of landmark and target genes."""
    return Size((landmarks, *[configuration.units] * configuration.layers, targets))


def training_bytes(
    configuration: AutoencoderConfiguration | DgexConfiguration, size: Size, samples: int
) -> int:
    """Memory that training needs beside the data, in bytes.

    Weights, their gradients and the optimiser's state (two values per weight for Adam, one for momentum), a second set
    of weights where the best epoch is kept, and the values of every layer for one batch.
    """
    copies = 4 if isinstance(configuration, AutoencoderConfiguration) else 3
    copies += configuration.keep == "best"
    batch = 3 * min(configuration.batch_size, samples) * sum(size.layers)
    return FLOAT32 * (copies * size.weights + batch)


def check_against_data(
    configuration: AutoencoderConfiguration | DgexConfiguration,
    samples: int,
    genes: int,
    memory_bytes: int,
) -> None:
    """Refuse a configuration that the data or the memory of the device that trains cannot carry.

    Parameters
    ----------
    samples, genes
        Numbers of training samples, and of genes: for D-GEX landmark and target genes together.

    Raises
    ------
    BadConfiguration
        Naming the field, its value and its bound.
    """
    if configuration.batch_size > samples:
        raise BadConfiguration(
            f"batch_size = {configuration.batch_size}: there are only {samples} training samples; "
            f"choose at most {samples}"
        )
    if isinstance(configuration, AutoencoderConfiguration):
        if configuration.bottleneck > genes:
            raise BadConfiguration(
                f"bottleneck = {configuration.bottleneck}: the data have only {genes} genes; "
                f"choose at most {genes}"
            )
        field, units = "hidden", configuration.hidden
        size = autoencoder_size(configuration, genes)
    else:
        # Only the sum of landmark and target genes enters the number of weights, but for the biases.
        field, units = "units", configuration.units
        size = dgex_size(configuration, 1, max(genes - 1, 1))
    needed = training_bytes(configuration, size, samples)
    if needed > memory_bytes:
        raise BadConfiguration(
            f"{field} = {units}: training would need {needed / GIGABYTE:.1f} GB of memory beside the data, "
            f"and the device has {memory_bytes / GIGABYTE:.1f} GB; choose fewer units"
        )


def suited(configuration: AutoencoderConfiguration, samples: int, genes: int) -> AutoencoderConfiguration:
    """Make a network narrower and its batches smaller where training samples or genes are too few for them.

    It then has as many hidden units as genes and a fourth of that in the bottleneck, so that it still compresses; and
    at most all training samples in a batch.
    """
    change: dict[str, int] = {}
    if configuration.bottleneck > genes:
        change |= {"hidden": min(configuration.hidden, genes), "bottleneck": max(genes // 4, 1)}
    if configuration.batch_size > samples:
        change["batch_size"] = max(samples, 1)
    return configuration.model_copy(update=change)


@dataclass(frozen=True)
class Task:
    """A training of the autoencoder to be judged, on so many training and held-out samples."""

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


@dataclass(frozen=True)
class Memory:
    """Memory that a training needs, in bytes."""

    host: int
    """At most, over the whole run, on the machine; without an accelerator the training's own is part of it."""
    device: int
    """Of an accelerator; 0 where the processors train."""
    loaded: bool
    """Whether the dataset is loaded, or else read from the disk while training runs."""


def fits_in_memory(data_bytes: int, memory_total: int) -> bool:
    """Say whether a dataset is loaded, rather than read from the disk while training runs."""
    return data_bytes <= IN_MEMORY_SHARE * memory_total


def memory_needed(task: Task, memory_total: int, device_memory: int | None) -> Memory:
    """Add up what a training holds at once, on a machine and an accelerator of so many bytes; None without one."""
    loaded = fits_in_memory(task.data_bytes, memory_total)
    resident = task.data_bytes <= RESIDENT_SHARE * (device_memory or memory_total)
    window = FLOAT32 * min(window_rows(task.network.batch_size), task.train) * task.genes
    staged = task.data_bytes if resident else WINDOWS * window
    training = training_bytes(task.network, task.size, task.train) + staged
    kept = task.data_bytes if loaded else 0
    host = max(kept + (staged if device_memory else training), kept + _measuring_bytes(task, loaded))
    return Memory(PROGRAM_BYTES + host, training if device_memory else 0, loaded)


def disk_needed(task: Task, most_predictions: int, runs: int = 1) -> int:
    """Add up checkpoints, which go when a run is finished, and what runs keep: network and predictions, in bytes.

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


def _measuring_bytes(task: Task, loaded: bool) -> int:
    """Return what measuring the reconstruction holds beside the dataset."""
    train, test = (
        (task.train, task.test) if loaded else (min(n, MOST_MEASURED) for n in (task.train, task.test))
    )
    exact = min(train, task.genes) <= EXACT_COMPONENTS
    # Training samples scaled and centred, for exact components also in float64; four arrays of held-out samples.
    return FLOAT32 * task.genes * (train * (4 if exact else 2) + 4 * test)
