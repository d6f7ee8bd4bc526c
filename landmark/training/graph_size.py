"""How large the training of a graph network is; refuses what cannot work. Imports no jax."""

from dataclasses import dataclass

from landmark.errors import BadConfiguration
from landmark.training.configuration import GraphConfiguration
from landmark.training.size import FLOAT32, GIGABYTE

COPIES = 5
"""Of every weight: itself, its gradient, Adam's two values, and the best epoch's."""

VALUES = 3
"""Copies of the values between layers while a step runs: themselves, their gradients, and intermediate results."""

REMEMBERED = 1 << 29
"""Bytes of values between layers that are kept for the gradient; of larger batches they are computed again."""


@dataclass(frozen=True)
class GraphSize:
    """Weights and memory of a graph network.

    Attributes
    ----------
    landmarks, targets
        Numbers of landmark and of target genes.
    layers, hidden
        As in ``GraphConfiguration``.
    neighbours
        Target genes that each target gene reads.
    """

    landmarks: int
    targets: int
    layers: int
    hidden: int
    neighbours: int

    @property
    def edges(self) -> int:
        """Edges of the graph: landmark genes to all genes, target genes to target genes."""
        return self.landmarks * (self.landmarks + self.targets) + self.neighbours * self.targets

    @property
    def weights(self) -> int:
        """Number of weights: of edges, biases of nodes, vectors of genes. The last layer has target genes only."""
        nodes = self.landmarks + self.targets
        biases = nodes * self.hidden
        last = self.landmarks * (self.landmarks + self.hidden)
        return self.layers * (self.edges + biases) - last + biases + 2 * self.hidden + 1

    @property
    def dense_weights(self) -> int:
        """Number of weights of the published form, which has one for every pair of genes in every layer."""
        return self.layers * (self.landmarks + self.targets) ** 2


def graph_size(configuration: GraphConfiguration, landmarks: int, targets: int) -> GraphSize:
    """Size of the graph network for numbers of landmark and target genes."""
    neighbours = min(configuration.most_similar + configuration.least_similar, targets)
    return GraphSize(landmarks, targets, configuration.layers, configuration.hidden, neighbours)


def graph_training_bytes(size: GraphSize, batch_size: int) -> int:
    """Memory that training needs beside the data, in bytes."""
    values = FLOAT32 * batch_size * (size.landmarks + size.targets) * size.hidden * size.layers
    return FLOAT32 * COPIES * size.weights + VALUES * min(values, REMEMBERED)


def check_graph(
    configuration: GraphConfiguration, samples: int, landmarks: int, targets: int, memory_bytes: int
) -> None:
    """Refuse a configuration that the data or the machine cannot carry.

    Parameters
    ----------
    configuration
        What was chosen.
    samples
        Number of training samples.
    landmarks, targets
        Numbers of landmark and target genes.
    memory_bytes
        Memory of the device that trains.

    Raises
    ------
    BadConfiguration
        Naming the field, its value and its bound.
    """
    batch = configuration.batch_size
    if batch > samples:
        raise BadConfiguration(
            f"batch_size = {batch}: there are only {samples} training samples; choose at most {samples}"
        )
    size = graph_size(configuration, landmarks, targets)
    needed = graph_training_bytes(size, batch)
    if needed > memory_bytes:
        raise BadConfiguration(
            f"most_similar = {configuration.most_similar} and least_similar = {configuration.least_similar}: "
            f"training {size.weights / 1e6:,.0f} million weights would need {needed / GIGABYTE:.1f} GB of memory "
            f"beside the data, and the device has {memory_bytes / GIGABYTE:.1f} GB; choose fewer, or fewer genes"
        )
