"""Ask which marks in which bins made a network call genes expressed, by DeepLIFT on DeepChrome."""

import functools

import jax
import numpy as np
import pandas as pd

from landmark.attribution.deeplift import deeplift, residual
from landmark.epigenome.deepchrome.run import CellType, cell_type_of
from landmark.epigenome.marks.config import MarksConfiguration
from landmark.epigenome.marks.results import MarksResults
from landmark.epigenome.network import DeepchromeProblem, TrainedDeepchrome, log_odds
from landmark.epigenome.profiles import BINS, MARKS
from landmark.errors import BadConfiguration, BadData
from landmark.progress import Progress, Report
from landmark.store import histones
from landmark.training.mesh import device_here
from landmark.training.problem import Parameters
from landmark.workflows.context import Context, Outcome

TOGETHER = 64
"""Genes explained in one call."""


def run(configuration: MarksConfiguration, context: Context) -> Outcome:
    """Write contributions.parquet and genes.parquet of the chosen genes, average.parquet of all test genes."""
    context.report(Progress("Reading the network"))
    network = context.runs.get(configuration.deepchrome, "deepchrome")
    source = context.runs.get(network.manifest.parents["histones"])
    name, trained = cell_type_of(network, configuration.cell_type)
    cells = CellType(name, histones.genes(source, name), histones.profiles(source, name))
    explained = Explained(trained, _reference(configuration, cells))
    rows = _rows(configuration, cells)

    reads = np.asarray(cells.reads[rows])
    contributions, missed = explained.contributions(reads)
    genes = cells.genes.iloc[rows].reset_index(drop=True)
    probability = trained.apply(reads)
    context.draft.table("contributions", contribution_rows(genes["gene"], reads, contributions))
    context.draft.table("genes", genes.assign(probability=probability, residual=missed))

    average, missed_by_all = explained.averages(*cells.of("test"), context.report)
    context.draft.table("average", average)
    return Outcome(
        parents={"deepchrome": network.id, "histones": source.id},
        results=MarksResults(
            cell_type=name,
            genes=tuple(genes["gene"]),
            reference_probability=float(trained.apply(explained.reference[None])[0]),
            residual_worst=float(max(np.abs(missed).max(), missed_by_all)),
            test_genes=len(cells.rows("test")),
        ),
        split=network.manifest.split,
        seed=network.manifest.seed,
        device=device_here(),
    )


class Explained:
    """A network whose log-odds of expression are shared out among the reads.

    Of the two scores before the softmax, the expressed one less the unexpressed one is explained: the log-odds, which
    alone decide the call. (DeepLIFT's convention for a softmax takes each score less the mean of both, which is half
    of this.)
    """

    def __init__(self, trained: TrainedDeepchrome, reference: np.ndarray) -> None:
        self.reference = reference
        self._problem, self._parameters = trained.problem, jax.device_put(trained.parameters)

    def contributions(self, reads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return contributions [genes, bins, marks] and, per gene, by how much they miss the difference [genes]."""
        missing = -len(reads) % TOGETHER
        filled = np.concatenate([reads, np.zeros((missing, *reads.shape[1:]), reads.dtype)])
        parts = [
            _explain(self._problem, self._parameters, filled[i : i + TOGETHER], self.reference)
            for i in range(0, len(filled), TOGETHER)
        ]
        found, missed = (np.concatenate([np.asarray(part[i]) for part in parts]) for i in (0, 1))
        return found[: len(reads)], missed[: len(reads)]

    def averages(self, reads: np.ndarray, labels: np.ndarray, report: Report) -> tuple[pd.DataFrame, float]:
        """Average contributions over the genes of each label.

        Returns
        -------
        table, worst
            Rows label, mark, bin, contribution; the largest miss of the difference, by absolute value.
        """
        total, worst = np.zeros((2, BINS, len(MARKS))), 0.0
        for first in range(0, len(reads), TOGETHER):
            report(Progress("Explaining test genes", first, len(reads), "gene"))
            found, missed = self.contributions(reads[first : first + TOGETHER])
            here = labels[first : first + TOGETHER]
            for kind in (0, 1):
                total[kind] += found[here == kind].sum(axis=0, dtype=np.float64)
            worst = max(worst, float(np.abs(missed).max()))
        counts = np.array([max((labels == kind).sum(), 1) for kind in (0, 1)])
        mean = total / counts[:, None, None]
        label, bin_, mark = np.indices(mean.shape).reshape(3, -1)
        rows = {"label": label, "mark": np.array(MARKS)[mark], "bin": bin_ + 1, "contribution": mean.ravel()}
        return pd.DataFrame(rows), worst


# The reference is an argument: XLA would work out what a constant one implies while it compiles, which takes longer.
@functools.partial(jax.jit, static_argnums=0)
def _explain(
    problem: DeepchromeProblem, parameters: Parameters, reads: jax.Array, reference: jax.Array
) -> tuple[jax.Array, jax.Array]:
    def network(reads: jax.Array) -> jax.Array:
        return log_odds(problem, parameters, reads)

    found = deeplift(network, reads, reference)
    return found[:, 0], residual(network, reads, reference, found)[:, 0]


def contribution_rows(genes: pd.Series, reads: np.ndarray, contributions: np.ndarray) -> pd.DataFrame:
    """Write contributions as rows: gene, mark, bin, count (reads), contribution (to the log-odds)."""
    gene, bin_, mark = np.indices(contributions.shape).reshape(3, -1)
    return pd.DataFrame(
        {
            "gene": genes.to_numpy()[gene],
            "mark": np.array(MARKS)[mark],
            "bin": bin_ + 1,
            "count": reads.ravel(),
            "contribution": contributions.ravel(),
        }
    )


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
