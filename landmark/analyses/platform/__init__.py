"""A prediction of samples that were measured in another way."""

from landmark.analyses.analysis import Analysis, Entry
from landmark.analyses.choices import network_predicts
from landmark.analyses.platform.config import CrossPlatformConfiguration
from landmark.analyses.platform.results import TABLES, PlatformResults


def _headline(found: PlatformResults) -> str:
    parts = [f"{name} {of_set.pcc:.3f}" for name, of_set in found.sets.items()]
    return f"mean correlation on {found.other_title}, {found.matched:,} genes matched: {', '.join(parts)}"


PLATFORM = Analysis(
    name="cross-platform",
    title="Other platform",
    page="platform",
    entry=Entry("Evidence", "Other platform", "swap_horiz", "pages/evidence/platform.py"),
    configuration=CrossPlatformConfiguration,
    results=PlatformResults,
    tables=TABLES,
    headline=_headline,
    uses_device=network_predicts,
)
