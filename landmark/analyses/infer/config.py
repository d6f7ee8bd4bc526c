"""Which samples to complete, with which predictor. Imports no numerical library."""

from typing import Literal, Self

from pydantic import Field, model_validator

from landmark.analyses.choices import CovariateChoice, GeneSetRef, PredictorChoice
from landmark.analyses.import_data.config import MissingValues, Orientation
from landmark.configuration import names_file, names_file_or

Scale = Literal["proposed", "none", "standardise", "quantiles"]


class InferConfiguration(PredictorChoice, CovariateChoice):
    """Complete the profiles of samples of which only landmark genes are measured, with an interval for every value."""

    dataset: str = names_file_or(
        "The new samples: the id of a dataset, or a file in any format that can be imported; it may hold one sample.",
        required=True,
    )
    fit: str = names_file_or(
        "The predictor: a finished fit, the name of a predictor that was kept, or a file of one; empty to fit one now, "
        "on train_on."
    )
    train_on: str = Field("", description="Dataset to fit a predictor on now, where none is named.")
    set: GeneSetRef = Field(
        "L1000",
        description="Landmark genes of a predictor that is fitted now: L1000, <ranking run>:<number of genes>, or "
        "list:<file>.",
    )
    names_from: str = Field(
        "",
        description="Column of the file that names the genes; empty for the names that the file gives them.",
    )
    orientation: Orientation = Field(
        "found", description="Where the file has its genes; by default found from the names."
    )
    missing: MissingValues = Field(
        "refuse",
        description="What to do about missing values in the file: refuse it, leave out the genes that have any (the "
        "predictor is then fitted without them), or fill in the median of the gene over the new samples.",
    )
    log2: bool = Field(
        False, description="Take log2(x + 1) of the new values: for values that are not logged yet."
    )
    scale: Scale = Field(
        "proposed",
        description="How the new samples are brought to the scale of the training samples: none; gene by gene, by mean "
        "and standard deviation of the new samples, which suits many samples of a mixed collection; quantiles, the "
        "rank of a landmark gene within its sample, as D-GEX does for RNA-seq; or proposed, which chooses by the "
        "distance to the nearest training samples and says so.",
    )
    level: float = Field(
        0.9, ge=0.5, le=0.99, description="Share of the values that the intervals are to cover."
    )
    out: str = names_file(
        "Also write the profiles into this file: .h5ad, .gctx, .gct, .csv or .parquet; it must not exist yet."
    )
    seed: int = Field(
        0,
        ge=0,
        description="Seed of the samples on which settings and intervals are judged, and of what is fitted.",
    )

    @model_validator(mode="after")
    def _predictor_is_named(self) -> Self:
        if bool(self.fit) == bool(self.train_on):
            raise ValueError(
                "name either a predictor (fit: a finished fit, a kept predictor or its file) or a dataset to fit one "
                "on (train_on). To compare predictors on one dataset, use `predictors`, which was called `infer` before"
            )
        return self
