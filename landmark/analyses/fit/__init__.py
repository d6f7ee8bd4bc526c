"""Fit a predictor of all other genes on the genes of one set."""

from landmark.analyses.analysis import Analysis
from landmark.analyses.choices import network_predicts, predictor_name
from landmark.analyses.fit.config import FitConfiguration
from landmark.analyses.fit.results import TABLES, FitResults
from landmark.wording import capital


def _headline(found: FitResults) -> str:
    method = capital(predictor_name(found.predictor, found.covariate))
    return (
        f"{method} on {found.set} ({found.size:,} genes) predicts {found.targets:,} others with a mean correlation of "
        f"{found.pcc:.3f}"
    )


FIT = Analysis(
    name="fit",
    title="Predictor",
    page="explain",
    configuration=FitConfiguration,
    results=FitResults,
    tables=TABLES,
    headline=_headline,
    uses_device=network_predicts,
    trains=network_predicts,
)
