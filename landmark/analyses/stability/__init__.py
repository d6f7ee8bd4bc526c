"""Repeat a choice of genes with other seeds and on halves of the samples."""

from landmark.analyses.analysis import Analysis
from landmark.analyses.stability.config import StabilityConfiguration
from landmark.analyses.stability.results import TABLES, StabilityResults


def _headline(found: StabilityResults) -> str:
    parts = [
        f"{words} share {100 * found.kinds[kind].shared:.0f}%"
        for kind, words in (("seeds", "two seeds"), ("halves", "two halves of the samples"))
        if kind in found.kinds
    ]
    return f"{', '.join(parts)} of {found.cut:,} genes (by chance {100 * found.by_chance:.0f}%)"


STABILITY = Analysis(
    name="stability",
    title="Stability of a choice",
    page="selection",
    configuration=StabilityConfiguration,
    results=StabilityResults,
    tables=TABLES,
    headline=_headline,
)
