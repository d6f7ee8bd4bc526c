"""A matrix read, joined with its annotations and stored as a dataset."""

from landmark.analyses.analysis import Analysis, Entry, never
from landmark.analyses.import_data.config import ImportConfiguration
from landmark.analyses.import_data.results import ImportResults
from landmark.analyses.naming import of_l1000, size_and_names


def _headline(found: ImportResults) -> str:
    return f"{size_and_names(found.samples, found.genes, found.identifier)}, {of_l1000(found.l1000_present)}"


IMPORT = Analysis(
    name="import",
    title="Import",
    page="import",
    entry=Entry("Data", "Import", "upload", "pages/data/import_data.py"),
    configuration=ImportConfiguration,
    results=ImportResults,
    headline=_headline,
    uses_device=never,
    adopts="dataset",
)
