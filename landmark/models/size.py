"""How large a training is: weights, arithmetic and memory; refuses what cannot work. Imports no jax."""

from dataclasses import dataclass

from landmark.errors import BadConfiguration
from landmark.models.settings import AutoencoderConfiguration, DgexConfiguration

FLOAT32 = 4
GIGABYTE = 1e9


@dataclass(frozen=True)
class Size:
    """Weights and arithmetic of one network.

    Attributes
    ----------
    layers
        Width of every layer from input to output.
    """

    layers: tuple[int, ...]

    @property
    def weights(self) -> int:
        """Number of weights and biases."""
        return sum((a + 1) * b for a, b in zip(self.layers, self.layers[1:], strict=False))

    @property
    def flop_per_sample(self) -> int:
        """Floating-point operations in matrix products for one sample in one training step.

        Two per weight forwards, two for the gradient of the weights, two for the gradient of a layer's input,
        which the first layer does not need.
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

    Weights, their gradients and the optimiser's state (two values per weight for Adam, one for momentum), a
    second set of weights where the best epoch is kept, and the values of every layer for one batch.
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
    """Refuse a configuration that the data or the machine cannot carry.

    Parameters
    ----------
    configuration
        What was chosen.
    samples
        Number of training samples.
    genes
        Number of genes: for D-GEX landmark and target genes together.
    memory_bytes
        Memory of the device that trains.

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
    """Make a network narrower and its batches smaller where the data are too small for them.

    Parameters
    ----------
    configuration
        What is wished for, such as the paper's values.
    samples, genes
        Number of training samples and of genes.

    Returns
    -------
    AutoencoderConfiguration
        The same where the data carry it. Otherwise as many hidden units as genes and a fourth of that in the
        bottleneck, so that it still compresses; and at most all training samples in a batch.
    """
    change: dict[str, int] = {}
    if configuration.bottleneck > genes:
        change |= {"hidden": min(configuration.hidden, genes), "bottleneck": max(genes // 4, 1)}
    if configuration.batch_size > samples:
        change["batch_size"] = max(samples, 1)
    return configuration.model_copy(update=change)
