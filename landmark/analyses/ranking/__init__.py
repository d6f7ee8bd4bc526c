"""Rank genes by their DeepLIFT contribution to the bottleneck."""

from landmark.analyses.analysis import Analysis, Entry
from landmark.analyses.ranking.config import RankConfiguration
from landmark.analyses.ranking.results import TABLES, RankResults


def _headline(found: RankResults) -> str:
    shared = f", of which {found.overlap_l1000:,} are L1000 genes" if found.l1000_present else ""
    return f"top {found.cut:,} genes{shared}"


RANK = Analysis(
    name="rank",
    title="Gene ranking",
    page="ranking",
    entry=Entry("Genes", "Ranking", "format_list_numbered", "pages/genes/ranking.py"),
    configuration=RankConfiguration,
    results=RankResults,
    tables=TABLES,
    headline=_headline,
    gives_sets=True,
)
