"""Genes of a stream that carry the values of another: found in one pass, left out as the samples pass again."""

import numpy as np

from landmark.errors import BadData
from landmark.expression.history import record
from landmark.expression.identical import STEP, Identical, first_alike, kept_genes
from landmark.expression.streamed.stream import Stream, mapped, without_values
from landmark.progress import Report, silent


def without_identical_passing(stream: Stream, choice: Identical, report: Report = silent) -> Stream:
    """Leave out genes with the values of another gene in every sample: all of them, or all but the first.

    Raises
    ------
    BadData
        No gene would be left.
    """
    passing = (block for _, block in stream.reported(report, "Looking for genes with the same values"))
    kept = np.flatnonzero(kept_genes(first_alike(passing, stream.genes), choice))
    if not len(kept):
        raise BadData(
            "Every gene has the values of another gene in all samples, so none would be left. Is this the right file?"
        )
    about = without_values(stream.about.obs, stream.about.var.iloc[kept], stream.about.uns)
    record(about, STEP, choice=choice, genes_dropped=stream.genes - len(kept))
    return mapped(stream, about, lambda X: X[:, kept])
