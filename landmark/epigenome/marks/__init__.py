"""Explain DeepChrome's calls by marks and bins."""

from landmark.analyses.analysis import Analysis, Entry
from landmark.epigenome.marks.config import MarksConfiguration
from landmark.epigenome.marks.results import TABLES, MarksResults
from landmark.wording import counted


def _headline(found: MarksResults) -> str:
    return f"marks and bins that decide for {counted(len(found.genes), 'gene')} of {found.cell_type}"


MARKS = Analysis(
    name="marks",
    title="Marks of genes",
    page="marks",
    entry=Entry("Epigenome", "Marks of a gene", "biotech", "pages/epigenome/marks.py"),
    configuration=MarksConfiguration,
    results=MarksResults,
    tables=TABLES,
    headline=_headline,
)
