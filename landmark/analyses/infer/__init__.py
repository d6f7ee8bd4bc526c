"""Complete profiles of new samples from their landmark genes, with an error for every value."""

from landmark.analyses.analysis import Analysis, Entry
from landmark.analyses.choices import network_predicts
from landmark.analyses.infer.config import InferConfiguration
from landmark.analyses.infer.results import TABLES, ProfilesResults
from landmark.wording import counted


def _headline(found: ProfilesResults) -> str:
    return (
        f"{found.genes_inferred:,} genes inferred for {counted(found.samples, 'sample')} from "
        f"{found.landmarks_matched:,} of {found.landmarks:,} landmark genes; {found.genes_trusted:,} of them can be "
        "trusted"
    )


INFER = Analysis(
    name="profiles",
    command="infer",
    title="Inferred profiles",
    page="infer",
    entry=Entry("Use", "Infer profiles", "auto_fix_high", "pages/use/infer.py"),
    configuration=InferConfiguration,
    results=ProfilesResults,
    tables=TABLES,
    headline=_headline,
    uses_device=network_predicts,
)
