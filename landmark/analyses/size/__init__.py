"""Accuracy by the number of genes measured."""

from landmark.analyses.analysis import Analysis, Entry
from landmark.analyses.choices import network_predicts
from landmark.analyses.size.config import SizeConfiguration
from landmark.analyses.size.results import TABLES, SizeResults


def _headline(found: SizeResults) -> str:
    parts = [f"{name} {of_set.pcc:.3f} with {of_set.largest:,}" for name, of_set in found.sets.items()]
    return f"mean correlation of the predicted genes at the largest size: {', '.join(parts)}"


SIZE = Analysis(
    name="size",
    title="Accuracy by size",
    page="size",
    entry=Entry("Evidence", "Number of genes", "straighten", "pages/evidence/size.py"),
    configuration=SizeConfiguration,
    results=SizeResults,
    tables=TABLES,
    headline=_headline,
    uses_device=network_predicts,
    trains=network_predicts,
)
