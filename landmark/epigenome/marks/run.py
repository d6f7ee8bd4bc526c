"""Ask which marks in which bins made a network call genes expressed, by DeepLIFT on DeepChrome."""

import functools

import jax
import numpy as np
import pandas as pd

from landmark.attribution.deeplift import deeplift, residual
from landmark.epigenome.deepchrome.run import CellType, cell_type_of
from landmark.epigenome.histones import store as histones
from landmark.epigenome.marks.config import MarksConfiguration
from landmark.epigenome.marks.results import MarksResults
from landmark.epigenome.network import DeepchromeProblem, TrainedDeepchrome, log_odds
from landmark.epigenome.profiles import BINS, MARKS, bin_rows
from landmark.errors import BadConfiguration, BadData
from landmark.progress import Progress, Report, silent
from landmark.training.mesh import device_here
from landmark.training.problem import Parameters
from landmark.workflows.context import Context, Outcome

_TOGETHER = 64
"""Genes explained in one call."""


def run(configuration: MarksConfiguration, context: Context) -> Outcome:
    """Write contributions.parquet and genes.parquet of the chosen genes, average.parquet of all test genes."""
    context.report(Progress("Reading the network"))
    network = context.runs.get(configuration.deepchrome, "deepchrome")
    source = context.runs.get(network.manifest.parents["histones"])
    name, trained = cell_type_of(network, configuration.cell_type)
    cells = CellType(name, histones.genes(source, name), histones.profiles(source, name))
    reference = _reference(configuration, cells)
    rows = _rows(configuration, cells)

    reads = np.asarray(cells.reads[rows])
    contributions, missed = _explained(trained, reads, reference)
    genes = cells.genes.iloc[rows].reset_index(drop=True)
    probability = trained.apply(reads)
    table = bin_rows("gene", count=reads, contribution=contributions)
    context.draft.table("contributions", table.assign(gene=genes["gene"].to_numpy()[table["gene"]]))
    context.draft.table("genes", genes.assign(probability=probability, residual=missed))

    test, labels = cells.of("test")
    contributions, missed_by_all = _explained(trained, test, reference, context.report)
    means = np.stack([contributions[labels == label].mean(axis=0, dtype=np.float64) for label in (0, 1)])
    context.draft.table("average", bin_rows("label", contribution=means))
    return Outcome(
        parents={"deepchrome": network.id, "histones": source.id},
        results=MarksResults(
            cell_type=name,
            genes=tuple(genes["gene"]),
            reference_probability=float(trained.apply(reference[None])[0]),
            residual_worst=float(max(np.abs(missed).max(), np.abs(missed_by_all).max())),
            test_genes=len(test),
        ),
        split=network.manifest.split,
        seed=network.manifest.seed,
        device=device_here(),
    )


def _explained(
    trained: TrainedDeepchrome, reads: np.ndarray, reference: np.ndarray, report: Report = silent
) -> tuple[np.ndarray, np.ndarray]:
    """Share the log-odds of expression out among the reads.

    Of the two scores before the softmax, the expressed one less the unexpressed one is explained: the log-odds, which
    alone decide the call. (DeepLIFT's convention for a softmax takes each score less the mean of both, which is half
    of this.)

    Returns
    -------
    contributions, missed
        [genes, bins, marks], and by how much those of each gene miss the difference that they explain, [genes].
    """
    problem, parameters = trained.problem, jax.device_put(trained.parameters)
    missing = -len(reads) % _TOGETHER
    filled = np.concatenate([reads, np.zeros((missing, *reads.shape[1:]), reads.dtype)])
    parts = []
    for first in range(0, len(reads), _TOGETHER):
        report(Progress("Explaining test genes", first, len(reads), "gene"))
        parts.append(_explain(problem, parameters, filled[first : first + _TOGETHER], reference))
    found, missed = (np.concatenate([np.asarray(part[i]) for part in parts]) for i in (0, 1))
    return found[: len(reads)], missed[: len(reads)]


# The reference is an argument: XLA would work out what a constant one implies while it compiles, which takes longer.
@functools.partial(jax.jit, static_argnums=0)
def _explain(
    problem: DeepchromeProblem, parameters: Parameters, reads: jax.Array, reference: jax.Array
) -> tuple[jax.Array, jax.Array]:
    def network(reads: jax.Array) -> jax.Array:
        return log_odds(problem, parameters, reads)

    found = deeplift(network, reads, reference)
    return found[:, 0], residual(network, reads, reference, found)[:, 0]


def _reference(configuration: MarksConfiguration, cells: CellType) -> np.ndarray:
    if configuration.reference == "zero":
        return np.zeros((BINS, len(MARKS)), np.float32)
    mean: np.ndarray = cells.of("train")[0].mean(axis=0, dtype=np.float64).astype(np.float32)
    return mean


def _rows(configuration: MarksConfiguration, cells: CellType) -> np.ndarray:
    """Find the chosen genes."""
    named = [gene.strip() for gene in configuration.genes]
    if len(set(named)) < len(named):
        raise BadConfiguration("genes: a gene is named twice. Name each gene once.")
    rows = pd.Index(cells.genes["gene"]).get_indexer(named)
    if (rows < 0).any():
        absent = named[int(np.argmax(rows < 0))]
        raise BadData(f"{absent} is not among the genes of {cells.name}. Choose another gene.")
    return np.asarray(rows)
