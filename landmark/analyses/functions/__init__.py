"""Find the functions that are over-represented in a gene set."""

from landmark.analyses.analysis import Analysis, never
from landmark.analyses.functions.config import EnrichConfiguration
from landmark.analyses.functions.results import TABLES, EnrichResults


def _headline(found: EnrichResults) -> str:
    best = f", first {found.best_term}" if found.significant else ""
    return f"{found.significant:,} terms of {found.source} are over-represented in {found.set}{best}"


ENRICH = Analysis(
    name="enrich",
    title="Functions",
    page="functions",
    configuration=EnrichConfiguration,
    results=EnrichResults,
    tables=TABLES,
    module="landmark.workflows.enrich",
    headline=_headline,
    uses_device=never,
)
