"""Several datasets merged on their common genes."""

from landmark.analyses.analysis import Analysis, Entry, never
from landmark.analyses.merge.config import MergeConfiguration
from landmark.analyses.merge.results import TABLES, MergeResults
from landmark.analyses.naming import of_l1000, size_and_names


def _headline(found: MergeResults) -> str:
    named = size_and_names(found.samples, found.genes, found.identifier)
    return f"{len(found.datasets)} datasets: {named}, {of_l1000(found.l1000_present)}"


MERGE = Analysis(
    name="merge",
    title="Merge",
    page="merge",
    entry=Entry("Data", "Merge", "merge", "pages/data/merge.py"),
    configuration=MergeConfiguration,
    results=MergeResults,
    tables=TABLES,
    headline=_headline,
    uses_device=never,
    adopts="dataset",
)
