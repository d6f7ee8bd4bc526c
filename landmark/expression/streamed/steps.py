"""Steps of ``landmark.expression.prepare`` that treat every sample by itself, done as the samples pass."""

from collections.abc import Callable

import numpy as np
from anndata import AnnData

from landmark.expression.history import KEY
from landmark.expression.prepare import collapse_probes, log2
from landmark.expression.streamed.stream import Stream, chosen, mapped, without_values
from landmark.progress import Report, silent


def log2_passing(stream: Stream, offset: float = 1.0) -> Stream:
    """Take log2(value + offset), as ``log2``; the BadData for values too small comes from the pass."""
    return _passing(stream, lambda adata: log2(adata, offset))


def mean_of_probes(stream: Stream) -> Stream:
    """Average the probes of each gene, as ``collapse_probes`` with ``mean``; raises its BadData at once."""
    return _passing(stream, collapse_probes)


def most_variable_probe(
    stream: Stream, report: Report = silent, learned_on: np.ndarray | None = None
) -> Stream:
    """Keep the most variable probe of each gene, as ``collapse_probes``: a pass finds the variances.

    ``learned_on``, bool [samples], are the samples whose variances decide; by default all.
    """
    about = stream.about
    mean, squares, seen = np.zeros(stream.genes), np.zeros(stream.genes), 0
    judged = stream if learned_on is None else chosen(stream, learned_on)
    for _, block in judged.reported(report, "Comparing the probes of each gene"):
        here = block.mean(axis=0, dtype=np.float64)
        # Chan, Golub, LeVeque (1983): squared deviations of blocks, merged.
        squares += block.var(axis=0, dtype=np.float64) * len(block)
        squares += (here - mean) ** 2 * (seen * len(block) / (seen + len(block)))
        mean += (here - mean) * (len(block) / (seen + len(block)))
        seen += len(block)
    deviation = np.sqrt(squares / seen)
    # Two samples that vary as all do: the choice of probes and its record are those of the step in memory.
    two = AnnData(np.stack([-deviation, deviation]), var=about.var, uns={KEY: dict(about.uns[KEY])})
    kept = collapse_probes(two, "most variable")
    columns = about.var_names.get_indexer(kept.var["measured_by"])
    return mapped(stream, without_values(about.obs, kept.var, kept.uns), lambda X: X[:, columns])


def _passing(stream: Stream, step: Callable[[AnnData], AnnData | None]) -> Stream:
    """Apply a step to every block as to a matrix; the record is that of the step for a single sample of ones."""
    about = stream.about

    def apply(X: np.ndarray) -> AnnData:
        adata = AnnData(X, var=about.var, uns={KEY: dict(about.uns[KEY])})
        return step(adata) or adata

    one = apply(np.ones((1, stream.genes), np.float32))
    return mapped(stream, without_values(about.obs, one.var, one.uns), lambda X: np.asarray(apply(X).X))
