"""The whole path of the paper, step by step."""

from landmark.analyses.analysis import Analysis, Entry, always
from landmark.analyses.compare import COMPARE
from landmark.analyses.overview.config import PathConfiguration
from landmark.analyses.overview.results import PathResults


def _headline(found: PathResults) -> str:
    return COMPARE.headline(found.compare) if found.compare else ""


PATH = Analysis(
    name="path",
    title="Whole path",
    page="overview",
    entry=Entry("Start", "Overview", "route", "pages/start/overview.py"),
    configuration=PathConfiguration,
    results=PathResults,
    headline=_headline,
    trains=always,
    adopts="model",
)
