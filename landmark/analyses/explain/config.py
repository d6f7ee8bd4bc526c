"""Which predictions to explain, and how. Imports no numerical library."""

from typing import Annotated

from pydantic import Field

from landmark.analyses.choices import ReferenceChoice
from landmark.configuration import Asked, Newest

MOST_TARGETS = 50


class ExplainConfiguration(ReferenceChoice):
    """Ask which landmark genes drive the predictions of some target genes."""

    fit: Annotated[str, Newest("fit")] = Field(description="The fitted predictor that is asked.")
    targets: Annotated[tuple[str, ...], Asked("--gene")] = Field(
        min_length=1, max_length=MOST_TARGETS, description="Genes whose predictions are explained."
    )
    label: str = Field(
        "", description="Annotation column by which samples are grouped; empty for a proposal."
    )
