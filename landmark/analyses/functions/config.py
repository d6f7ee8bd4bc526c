"""Which gene set to look up in which terms. Imports no numerical library."""

from typing import Literal

from pydantic import Field, model_validator

from landmark.analyses.choices import DatasetId, GeneSetRef
from landmark.configuration import Configuration, left_open, names_file, stated

LONGEST_LIST = 1_000_000
"""Characters of a list of genes: more than all human genes have."""


class EnrichConfiguration(Configuration):
    """Ask what the genes of a set do."""

    dataset: DatasetId = Field(description="The dataset whose measured genes the background is made of.")
    set: GeneSetRef = Field(
        "",
        description="L1000, variable, <ranking or selection run>:<number of genes>, list:<file>, or "
        "<cluster run>:<cluster> for the genes that drive a cluster.",
    )
    genes: str = Field(
        "", max_length=LONGEST_LIST, description="A list of gene names, instead of a set that is named."
    )
    gmt: str = names_file("GMT file with the terms; empty for GO molecular function.")
    background: Literal["both", "measured", "annotated"] = stated(
        "both",
        "What the set could have been drawn from: the genes that the dataset measures and any term names (both), all "
        "that it measures, or all that any term names. With measured a set of much-studied genes looks enriched in "
        "everything, as most genes without any term are others; with annotated so does any set of a small panel.",
        "clusterProfiler and DOSE (enricher_internal), which Kong 2021 took",
    )
    smallest: int = left_open(5, "Terms with fewer genes of the background are not tested.", ge=2, le=1000)
    largest: int = left_open(2000, "Terms with more genes of the background are not tested.", ge=5)

    @model_validator(mode="after")
    def _one_set(self) -> "EnrichConfiguration":
        if bool(self.set.strip()) == bool(self.genes.strip()):
            raise ValueError("give either a set or a list of genes")
        if self.smallest > self.largest:
            raise ValueError("smallest must not be above largest")
        return self
