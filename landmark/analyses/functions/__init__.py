"""Find the functions that are over-represented in a gene set."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from landmark.analyses.analysis import Analysis, Entry, never
from landmark.analyses.functions.config import EnrichConfiguration
from landmark.analyses.functions.results import TABLES, EnrichResults
from landmark.analyses.ranking.results import RankResults

if TYPE_CHECKING:
    from landmark.store.runs import RunStore


def _headline(found: EnrichResults) -> str:
    best = f", first {found.best_term}" if found.significant else ""
    return f"{found.significant:,} terms of {found.source} are over-represented in {found.set}{best}"


def _complete(values: Mapping[str, Any], store: "RunStore") -> Mapping[str, Any]:
    """Take the set of the newest ranking where no genes were named, or L1000 where there is none."""
    if values.get("set") or "genes" in values:
        return values
    parents = {"dataset": values["dataset"]} if values.get("dataset") else {}
    ranking = store.newest("rank", **parents)
    cut = RankResults.read(ranking.manifest.metrics).cut if ranking else 0
    return {**values, "set": f"{ranking.id}:{cut}" if ranking else "L1000"}


ENRICH = Analysis(
    name="enrich",
    title="Functions",
    page="functions",
    entry=Entry("Genes", "Functions", "function", "pages/genes/functions.py"),
    configuration=EnrichConfiguration,
    results=EnrichResults,
    tables=TABLES,
    headline=_headline,
    complete=_complete,
    uses_device=never,
)
