"""Gene sets compared by how well they predict the other genes."""

from landmark.analyses.analysis import Analysis, Entry
from landmark.analyses.choices import network_predicts
from landmark.analyses.compare.config import CompareConfiguration
from landmark.analyses.compare.results import TABLES, CompareResults


def _headline(found: CompareResults) -> str:
    parts = [f"{name} {of_set.pcc:.3f}" for name, of_set in found.sets.items()]
    if found.random_pcc is not None:
        parts.append(f"random sets {found.random_pcc:.3f} ± {found.random_pcc_sd or 0:.3f}")
    return f"mean correlation of the predicted genes: {', '.join(parts)}"


COMPARE = Analysis(
    name="compare",
    title="Comparison",
    page="compare",
    entry=Entry("Evidence", "Compare sets", "balance", "pages/evidence/compare.py"),
    configuration=CompareConfiguration,
    results=CompareResults,
    tables=TABLES,
    headline=_headline,
    uses_device=network_predicts,
    trains=network_predicts,
)
