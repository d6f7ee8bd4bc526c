"""Fitted predictors under a name of their own: kept, listed, taken elsewhere as one file, brought in, deleted."""

from landmark.analyses.analysis import Analysis, Entry, never
from landmark.analyses.choices import predictor_name
from landmark.analyses.keep.config import KeepConfiguration
from landmark.analyses.keep.results import KeepResults
from landmark.wording import capital

KEPT = "kept"
"""Group of commands, and name of the page in the address."""


def _headline(found: KeepResults) -> str:
    method = capital(predictor_name(found.predictor, found.covariate))
    return f"{method} on {found.set} ({found.size:,} genes) of {found.learned_from} is kept as {found.name!r}"


KEEP = Analysis(
    name="keep",
    command=f"{KEPT} keep",
    title="Kept predictor",
    page=KEPT,
    entry=Entry("Use", "Kept predictors", "inventory_2", "pages/use/kept.py"),
    configuration=KeepConfiguration,
    results=KeepResults,
    headline=_headline,
    uses_device=never,
)
