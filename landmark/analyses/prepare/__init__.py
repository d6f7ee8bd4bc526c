"""A dataset made ready for training."""

from landmark.analyses.analysis import Analysis, Entry, never
from landmark.analyses.naming import of_l1000, size_and_names
from landmark.analyses.prepare.config import PrepareConfiguration
from landmark.analyses.prepare.results import TABLES, PrepareResults


def _headline(found: PrepareResults) -> str:
    named = size_and_names(found.samples, found.genes, found.identifier)
    return f"{named}, {of_l1000(found.l1000_present)}; {', '.join(found.steps).lower()}"


PREPARE = Analysis(
    name="prepare",
    title="Preparation",
    page="prepare",
    entry=Entry("Data", "Prepare", "tune", "pages/data/prepare.py"),
    configuration=PrepareConfiguration,
    results=PrepareResults,
    tables=TABLES,
    headline=_headline,
    uses_device=never,
    adopts="dataset",
)
