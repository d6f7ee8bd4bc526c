"""Explain predictions by the landmark genes that drive them."""

from landmark.analyses.analysis import Analysis, Entry
from landmark.analyses.choices import predictor_name
from landmark.analyses.explain.config import ExplainConfiguration
from landmark.analyses.explain.results import TABLES, ExplainResults


def _headline(found: ExplainResults) -> str:
    target = found.targets[0]
    more = f" and {len(found.targets) - 1} more genes" if len(found.targets) > 1 else ""
    method = predictor_name(found.predictor)
    return f"{found.first[target]} drives the prediction of {target} most, by {method} on {found.set}{more}"


EXPLAIN = Analysis(
    name="explain",
    title="Explained predictions",
    page="explain",
    entry=Entry("Genes", "Explain a prediction", "account_tree", "pages/genes/explain.py"),
    configuration=ExplainConfiguration,
    results=ExplainResults,
    tables=TABLES,
    headline=_headline,
)
