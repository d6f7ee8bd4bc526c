"""Bring histone profiles in."""

from landmark.analyses.analysis import Analysis, Entry, never
from landmark.epigenome.histones.config import HistonesConfiguration
from landmark.epigenome.histones.results import TABLES, HistonesResults
from landmark.wording import counted


def _headline(found: HistonesResults) -> str:
    return f"{counted(found.cell_types, 'cell type')} with {counted(found.genes, 'gene')}: {found.title}"


HISTONES = Analysis(
    name="histones",
    title="Histone profiles",
    page="histones",
    entry=Entry("Epigenome", "Histone marks", "stacks", "pages/epigenome/histones.py"),
    configuration=HistonesConfiguration,
    results=HistonesResults,
    tables=TABLES,
    headline=_headline,
    uses_device=never,
    adopts="itself",
)
