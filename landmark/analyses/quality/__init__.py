"""How the samples of a dataset compare."""

from landmark.analyses.analysis import Analysis, Entry, never
from landmark.analyses.quality.config import QualityConfiguration
from landmark.analyses.quality.results import TABLES, QualityResults


def _headline(found: QualityResults) -> str:
    annotation = f"; {found.annotation} explains {100 * found.annotation_r2:.0f}% of what sets samples apart"
    return f"{found.outliers:,} of {found.samples:,} samples are outliers{annotation if found.annotation else ''}"


QUALITY = Analysis(
    name="quality",
    title="Quality of samples",
    page="quality",
    entry=Entry("Data", "Quality", "troubleshoot", "pages/data/quality.py"),
    configuration=QualityConfiguration,
    results=QualityResults,
    tables=TABLES,
    headline=_headline,
    uses_device=never,
)
