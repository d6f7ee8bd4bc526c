"""Predictors compared by how well they infer whole samples."""

from landmark.analyses.analysis import Analysis, Entry
from landmark.analyses.choices import network_predicts, predictor_name
from landmark.analyses.predictors.config import PredictorsConfiguration
from landmark.analyses.predictors.results import TABLES, PredictorsResults
from landmark.wording import capital


def _headline(found: PredictorsResults) -> str:
    best = found.predictors[found.best]
    others = [
        f"{predictor_name(about.predictor, about.covariate)} {about.pcc:.3f}"
        for name, about in found.predictors.items()
        if name != found.best
    ]
    method = capital(predictor_name(best.predictor, best.covariate))
    return (
        f"{method} infers {found.targets:,} genes from {found.size:,} of {found.set} best, with a mean correlation of "
        f"{best.pcc:.3f}{'; ' if others else ''}{', '.join(others)}"
    )


PREDICTORS = Analysis(
    name="infer",
    command="predictors",
    title="Predictors compared",
    page="predictors",
    entry=Entry("Evidence", "Predictors", "query_stats", "pages/evidence/predictors.py"),
    configuration=PredictorsConfiguration,
    results=PredictorsResults,
    tables=TABLES,
    headline=_headline,
    uses_device=network_predicts,
    trains=network_predicts,
)
