"""Train the graph network, which predicts target genes from landmark genes, and use it."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import jax
import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.nets.neighbours import Edges, readers_of
from landmark.progress import Report, silent
from landmark.training.apply import in_portions
from landmark.training.artefact import load_trained, save_trained
from landmark.training.configuration import GraphConfiguration
from landmark.training.devices import memory_bytes
from landmark.training.fit import fit
from landmark.training.graph_edges import similar_genes
from landmark.training.graph_problem import EDGES, GraphProblem
from landmark.training.graph_size import check_graph
from landmark.training.pairs import paired
from landmark.training.plan import plan_of
from landmark.training.problem import Parameters

KIND = "graph network"


@dataclass(frozen=True)
class TrainedGraph:
    """A graph network with its weights and edges.

    Attributes
    ----------
    configuration
        How it was trained.
    parameters
        As of ``GraphNetwork``: gene, expression, output, offset, and ``{"block", "neighbours", "bias"}`` of layer_1
        and on.
    neighbours
        The target genes that each target gene reads, int32 [neighbours, targets].
    history
        One row per epoch: epoch, train_loss, validation_loss, seconds; losses are 1 less Spearman's correlation over
        the target genes of a sample.
    """

    configuration: GraphConfiguration
    parameters: Mapping[str, Any]
    neighbours: np.ndarray
    history: pd.DataFrame

    @property
    def inputs(self) -> int:
        """Number of landmark genes and covariates."""
        return self.problem.landmarks + self.problem.covariates

    @property
    def problem(self) -> GraphProblem:
        """The network without its weights."""
        nodes, targets = len(self.parameters["gene"]), self.neighbours.shape[1]
        covariates = len(self.parameters["expression"]) - 1
        return GraphProblem(
            self.configuration, nodes - targets, covariates, targets, Edges(np.asarray(self.neighbours))
        )

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Predict target genes.

        Parameters
        ----------
        inputs
            Landmark genes, then covariates, scaled as the training data were, [samples, inputs].

        Returns
        -------
        ndarray
            float32 [samples, targets], in the units of the training targets.
        """
        if inputs.ndim != 2 or inputs.shape[1] != self.inputs:
            raise BadData(
                f"The network was trained on {self.inputs} landmark genes and covariates; "
                f"the data have shape {inputs.shape}."
            )
        problem = self.problem
        parameters = jax.device_put({**self.parameters, **problem.fixed})
        return in_portions(lambda x: _forwards(problem, parameters, x), inputs.astype(np.float32))

    def save(self, folder: Path) -> None:
        """Write into a folder."""
        arrays = {"network": self.parameters, EDGES: {"neighbours": self.neighbours}}
        save_trained(folder, KIND, arrays, self.configuration, self.history)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read from a folder.

        Raises
        ------
        BadRun
            If the files are missing or damaged.
        """
        arrays, configuration, history = load_trained(folder, KIND, GraphConfiguration)
        return cls(configuration, arrays["network"], arrays[EDGES]["neighbours"], history)


@functools.partial(jax.jit, static_argnums=0)
def _forwards(problem: GraphProblem, parameters: Parameters, x: jax.Array) -> jax.Array:
    return problem.predict(parameters, x)


def train_graph(
    inputs: np.ndarray,
    targets: np.ndarray,
    validation_inputs: np.ndarray,
    validation_targets: np.ndarray,
    configuration: GraphConfiguration,
    *,
    covariates: int = 0,
    directory: Path | None = None,
    report: Report = silent,
) -> TrainedGraph:
    """Train the graph network.

    Parameters
    ----------
    inputs, targets
        Training samples, standardised per gene, [samples, landmarks + covariates] and [samples, targets]. Similar
        genes are found on these.
    validation_inputs, validation_targets
        Samples by whose rank correlation epochs are judged, scaled alike.
    configuration
        All choices.
    covariates
        Number of last columns of ``inputs`` that are no genes.
    directory
        Folder of checkpoints, from which an interrupted training goes on.
    report
        Told about every epoch; may raise ``Cancelled``.

    Raises
    ------
    BadConfiguration
        If the configuration does not suit the data or the machine.
    BadData
        If samples or genes of the tables do not agree, or there are fewer than two target genes.
    BadRun
        If training diverges.
    """
    train, validation = paired(inputs, targets, validation_inputs, validation_targets)
    landmarks, genes = train.widths[0] - covariates, train.widths[1]
    if landmarks < 1 or genes < 2:
        raise BadData(
            f"There are {landmarks:,} landmark genes and {genes:,} target genes; a graph network needs one of the "
            "first and two of the second at least. Choose another gene set, or more target genes."
        )
    check_graph(configuration, train.samples, landmarks, genes, memory_bytes())
    neighbours = similar_genes(targets, configuration.most_similar, configuration.least_similar, report)
    edges = Edges(neighbours, readers_of(neighbours))
    problem = GraphProblem(configuration, landmarks, covariates, genes, edges)
    fitted = fit(problem, plan_of(configuration), train, validation, directory=directory, report=report)
    return TrainedGraph(configuration, fitted.parameters, neighbours, fitted.history)
