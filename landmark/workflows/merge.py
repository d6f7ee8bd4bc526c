"""Merge datasets on their common genes; the result is a new dataset."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.expression.history import describe, fact
from landmark.expression.merge import merge, unique_titles
from landmark.expression.prepare import collapse_probes
from landmark.expression.split import COLUMN
from landmark.progress import Progress
from landmark.runs.request import now
from landmark.workflows.configuration import MergeConfiguration
from landmark.workflows.context import Context, Outcome
from landmark.workflows.sets import l1000_count

VALUES = 20_000
"""Values drawn at random from every dataset, for densities."""

LONGEST_TITLE = 80


def run(configuration: MergeConfiguration, context: Context) -> Outcome:
    """Write counts.parquet, lost_genes.parquet and values.parquet."""
    sources = [context.datasets.get(name) for name in configuration.datasets]
    titles = unique_titles([source.manifest.title for source in sources])
    matrices = []
    for place, source in enumerate(sources):
        context.report(Progress("Reading the datasets", place, len(sources), "dataset"))
        matrices.append(source.load())
    named = [matrix.n_vars for matrix in matrices]
    if configuration.collapse != "none":
        for place, matrix in enumerate(matrices):
            context.report(Progress("One value per gene", place, len(matrices), "dataset"))
            if fact(matrix, "identifier") != "symbol":
                matrices[place] = collapse_probes(matrix, configuration.collapse)
    values = [_values("before", titles, matrices)]
    found = merge(matrices, titles, configuration.joint, context.report)
    sizes = np.cumsum([0, *found.counts["samples"]])
    parts = [found.matrix[start:end] for start, end in pairwise(sizes)]
    values.append(_values("after", titles, parts))
    describe(found.matrix, title=configuration.title or _title(titles))
    found.counts.insert(2, "named", named)
    context.draft.table("counts", found.counts)
    context.draft.table("lost_genes", found.lost)
    context.draft.table("values", pd.concat(values, ignore_index=True))
    context.report(Progress("Storing the dataset"))
    dataset = context.datasets.add(found.matrix, now())
    about = dataset.manifest
    return Outcome(
        parents={"dataset": dataset.id}
        | {f"source {place}": source.id for place, source in enumerate(sources, 1)},
        metrics={
            "samples": about.samples,
            "genes": about.genes,
            "identifier": about.identifier,
            "l1000_present": l1000_count(list(found.matrix.var_names), about.identifier),
            "datasets": titles,
            "genes_lost": [int(lost) for lost in found.counts["lost"]],
            "samples_renamed": found.renamed,
        },
        split={str(part): int(n) for part, n in found.matrix.obs[COLUMN].value_counts().items()},
    )


def _values(stage: str, titles: Sequence[str], matrices: Sequence[AnnData]) -> pd.DataFrame:
    """Draw values of every dataset: columns stage, dataset, value."""
    rng = np.random.default_rng(0)
    parts = []
    for title, matrix in zip(titles, matrices, strict=True):
        X = np.asarray(matrix.X)
        drawn = X.ravel()[rng.integers(X.size, size=min(VALUES, X.size))]
        parts.append(pd.DataFrame({"stage": stage, "dataset": title, "value": drawn}))
    return pd.concat(parts, ignore_index=True)


def _title(titles: Sequence[str]) -> str:
    joined = " + ".join(titles)
    return joined if len(joined) <= LONGEST_TITLE else f"{titles[0]} and {len(titles) - 1} more"
