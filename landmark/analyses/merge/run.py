"""Merge datasets on their common genes; the result is a new dataset."""

from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np
import pandas as pd

from landmark.analyses.merge.config import MergeConfiguration
from landmark.analyses.merge.results import MergeResults
from landmark.data.history import describe, fact
from landmark.data.split import training_rows
from landmark.data.steps.genes import Collapse, collapse_probes
from landmark.data.steps.merge import Merged, merge, unique_titles
from landmark.data.steps.stream import Stream, evenly_spaced
from landmark.progress import Progress, Report
from landmark.store.request import now
from landmark.workflows.context import Context, Outcome
from landmark.workflows.matching import related
from landmark.workflows.notes import dataset_notes, split_notes
from landmark.workflows.sets import l1000_count

SAMPLES = 100
VALUES = 20_000  # evenly spaced samples of every dataset, and values drawn from them at random, for densities
LONGEST_TITLE = 80


def run(configuration: MergeConfiguration, context: Context) -> Outcome:
    """Write counts.parquet, lost_genes.parquet and values.parquet."""
    context.report(Progress("Opening the datasets"))
    sources = [context.datasets.get(name) for name in configuration.datasets]
    titles = unique_titles([source.manifest.title for source in sources])
    parts = [source.stream() for source in sources]
    named = [part.genes for part in parts]
    if configuration.collapse != "none":
        parts = [_by_symbol(part, configuration.collapse, context.report) for part in parts]
    values = [_values("before", titles, [part.rows(evenly_spaced(part.samples, SAMPLES)) for part in parts])]
    found = merge(parts, titles, configuration.joint, context.report, configuration.joint_ranks == "dense")
    values.append(_values("after", titles, _parts(found)))
    describe(found.stream.about, title=configuration.title or _title(titles))
    found.counts.insert(2, "named", named)
    context.draft.table("counts", found.counts)
    context.draft.table("lost_genes", found.lost)
    context.draft.table("values", pd.concat(values, ignore_index=True))
    dataset = context.datasets.add(found.stream, now(), context.report)
    about = dataset.manifest
    return Outcome(
        parents={"dataset": dataset.id}
        | {f"source {place}": source.id for place, source in enumerate(sources, 1)},
        results=MergeResults(
            samples=about.samples,
            genes=about.genes,
            identifier=about.identifier,
            l1000_present=l1000_count(list(found.stream.about.var_names), about.identifier),
            datasets=titles,
            genes_lost=[int(lost) for lost in found.counts["lost"]],
            samples_renamed=found.renamed,
            samples_shared=sum(related(first, other).samples for first, other in combinations(sources, 2)),
        ),
        split=about.split,
        notes=(
            *_notes(found),
            *split_notes(found.stream.about),
            *dataset_notes(about, map(str, found.stream.about.var_names)),
        ),
    )


def _notes(found: Merged) -> tuple[str, ...]:
    """Say what each dataset lost, and whether samples got other names."""
    notes = [
        f"{row.dataset} lost {row.lost:,} of its {row.genes:,} genes, which not all datasets have."
        for row in found.counts.itertuples()
        if row.lost
    ]
    if found.renamed:
        notes.append(
            f"{found.renamed:,} samples had a name that occurs in several datasets; the dataset's title now stands "
            "before it. If they are the same samples, they are in the result twice."
        )
    return tuple(notes)


def _by_symbol(part: Stream, collapse: Collapse, report: Report) -> Stream:
    if fact(part.about, "identifier") == "symbol":
        return part
    return collapse_probes(part, collapse, report, training_rows(part.about))


def _parts(found: Merged) -> list[np.ndarray]:
    """Read some samples of every dataset after merging."""
    sizes = np.cumsum([0, *found.counts["samples"]])
    return [found.stream.rows(start + evenly_spaced(end - start, SAMPLES)) for start, end in pairwise(sizes)]


def _values(stage: str, titles: Sequence[str], matrices: Sequence[np.ndarray]) -> pd.DataFrame:
    """Draw values of every dataset: columns stage, dataset, value."""
    rng = np.random.default_rng(0)
    tables = []
    for title, X in zip(titles, matrices, strict=True):
        drawn = X.ravel()[rng.integers(X.size, size=VALUES)]
        tables.append(pd.DataFrame({"stage": stage, "dataset": title, "value": drawn}))
    return pd.concat(tables, ignore_index=True)


def _title(titles: Sequence[str]) -> str:
    joined = " + ".join(titles)
    return joined if len(joined) <= LONGEST_TITLE else f"{titles[0]} and {len(titles) - 1} more"
