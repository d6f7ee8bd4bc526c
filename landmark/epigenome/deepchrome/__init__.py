"""Train DeepChrome: expression from histone marks."""

from landmark.analyses.analysis import Analysis, Entry
from landmark.epigenome.deepchrome.config import DeepchromeConfiguration
from landmark.epigenome.deepchrome.results import TABLES, DeepchromeResults
from landmark.wording import counted


def _headline(found: DeepchromeResults) -> str:
    return (
        f"expressed genes of {counted(found.cell_types, 'cell type')} are predicted from their histone marks with a "
        f"mean AUC of {found.auc_mean:.3f} (logistic regression: {found.logistic_mean:.3f})"
    )


DEEPCHROME = Analysis(
    name="deepchrome",
    title="DeepChrome",
    page="deepchrome",
    entry=Entry("Epigenome", "DeepChrome", "insights", "pages/epigenome/deepchrome.py"),
    configuration=DeepchromeConfiguration,
    results=DeepchromeResults,
    tables=TABLES,
    headline=_headline,
    adopts="itself",
)
