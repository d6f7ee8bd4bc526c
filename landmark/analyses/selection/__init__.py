"""Choose genes that together predict the others."""

from landmark.analyses.analysis import Analysis
from landmark.analyses.selection.config import SelectConfiguration
from landmark.analyses.selection.results import TABLES, SelectResults


def _headline(found: SelectResults) -> str:
    shared = f", of which {found.overlap_l1000:,} are L1000 genes" if found.l1000_present else ""
    return f"{found.cut:,} genes chosen{shared}"


SELECT = Analysis(
    name="select",
    title="Chosen genes",
    page="selection",
    configuration=SelectConfiguration,
    results=SelectResults,
    tables=TABLES,
    module="landmark.workflows.select",
    headline=_headline,
    gives_sets=True,
)
