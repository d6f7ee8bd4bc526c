"""Choose genes that together predict the others."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from landmark.analyses.analysis import Analysis, Entry
from landmark.analyses.choices import NEED_MODELS
from landmark.analyses.selection.config import SelectConfiguration
from landmark.analyses.selection.results import TABLES, SelectResults
from landmark.errors import BadRun

if TYPE_CHECKING:
    from landmark.store.runs import RunStore


def _headline(found: SelectResults) -> str:
    shared = f", of which {found.overlap_l1000:,} are L1000 genes" if found.l1000_present else ""
    return f"{found.cut:,} genes chosen{shared}"


def _complete(values: Mapping[str, Any], store: "RunStore") -> Mapping[str, Any]:
    """Ask the newest network of the dataset where the strategy asks one and none was named."""
    strategy = values.get("strategy") or SelectConfiguration.model_fields["strategy"].default
    if values.get("models") or strategy not in NEED_MODELS:
        return values
    parents = {"dataset": values["dataset"]} if values.get("dataset") else {}
    trained = store.newest("train", **parents) or store.newest("train")
    if trained is None:
        raise BadRun("There is no train run yet. Make one first: python -m landmark train")
    return {**values, "models": (trained.id,)}


SELECT = Analysis(
    name="select",
    title="Chosen genes",
    page="selection",
    entry=Entry("Genes", "Selection", "checklist", "pages/genes/selection.py"),
    configuration=SelectConfiguration,
    results=SelectResults,
    tables=TABLES,
    headline=_headline,
    gives_sets=True,
    complete=_complete,
)
