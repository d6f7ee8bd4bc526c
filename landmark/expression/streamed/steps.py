"""Steps of ``landmark.expression.prepare`` that treat every sample by itself, done as the samples pass."""

from collections.abc import Callable

import numpy as np
from anndata import AnnData

from landmark.expression.history import KEY
from landmark.expression.prepare import collapse_probes, log2
from landmark.expression.streamed.stream import Stream, mapped, without_values


def log2_passing(stream: Stream, offset: float = 1.0) -> Stream:
    """Take log2(value + offset), as ``log2``; the BadData for values too small comes from the pass."""
    return _passing(stream, lambda adata: log2(adata, offset))


def mean_of_probes(stream: Stream) -> Stream:
    """Average the probes of each gene, as ``collapse_probes`` with ``mean``; raises its BadData at once."""
    return _passing(stream, collapse_probes)


def _passing(stream: Stream, step: Callable[[AnnData], AnnData | None]) -> Stream:
    """Apply a step to every block as to a matrix; the record is that of the step for a single sample of ones."""
    about = stream.about

    def apply(X: np.ndarray) -> AnnData:
        adata = AnnData(X, var=about.var, uns={KEY: dict(about.uns[KEY])})
        return step(adata) or adata

    one = apply(np.ones((1, stream.genes), np.float32))
    return mapped(stream, without_values(about.obs, one.var, one.uns), lambda X: np.asarray(apply(X).X))
