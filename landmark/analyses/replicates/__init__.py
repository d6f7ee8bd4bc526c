"""The path of the paper, repeated with several seeds."""

from landmark.analyses.analysis import Analysis, Entry, always
from landmark.analyses.replicates.config import SeedsConfiguration
from landmark.analyses.replicates.results import TABLES, SeedsResults
from landmark.wording import plus_minus


def _headline(found: SeedsResults) -> str:
    parts = [
        f"{name} {plus_minus(spread.mean, spread.standard_deviation)}"
        for name, figure in ((found.first, "set_pcc"), ("L1000", "l1000_pcc"))
        if (spread := found.figures.get(figure))
    ]
    return (
        f"{len(found.seeds)} seeds, mean correlation of the predicted genes: {', '.join(parts)}; two seeds share "
        f"{100 * found.overlap:.0f}% of the top {found.cut:,}"
    )


SEEDS = Analysis(
    name="seeds",
    title="Several seeds",
    page="seeds",
    entry=Entry("Evidence", "Replicates", "casino", "pages/evidence/seeds.py"),
    configuration=SeedsConfiguration,
    results=SeedsResults,
    tables=TABLES,
    headline=_headline,
    trains=always,
)
