"""What a prediction of another platform finds: figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.analyses.compare.results import RANDOM, SETS, STANDARD
from landmark.results import Number, Results, Table, Text, Truth, Whole


class PlatformSet(Results):
    """Figures of one gene set."""

    kind: str = Field(description="Where it comes from: ranking, improved, l1000, list, variable.")
    size: int = Field(description="Its genes.")
    targets: int = Field(description="Genes predicted from it.")
    mae: float = Field(description="Mean absolute error on the other platform, in standard deviations.")
    pcc: float = Field(description="Mean correlation on the other platform.")
    significant: int = Field(description="Targets predicted better than chance on the other platform.")
    home_mae: float = Field(description="Mean absolute error on its own platform, in standard deviations.")
    home_pcc: float = Field(description="Mean correlation on its own platform.")
    percentile: float | None = Field(None, description="Random sets that correlate less, in percent.")


class PlatformResults(Results):
    """Figures of a prediction of another platform."""

    predictor: str = Field(description="Method of prediction.")
    title: str = Field(description="Title of the dataset learned from.")
    other_title: str = Field(description="Title of the dataset predicted.")
    genes: int = Field(description="Genes of the dataset learned from.")
    other_genes: int = Field(description="Genes of the dataset predicted.")
    matched: int = Field(description="Genes of both.")
    other_samples: int = Field(description="Samples predicted.")
    shared_samples: int | None = Field(None, description="Samples left out, as they were learned from.")
    shared_first: tuple[str, ...] | None = Field(None, description="Names of the first of them.")
    shared_held_out: int | None = Field(None, description="Predicted samples among the held-out ones.")
    label: str = Field(description="Annotation that groups the predicted samples; empty for none.")
    arithmetic: str = Field(description="How the number of targets comes about.")
    sets: Mapping[str, PlatformSet] = Field(description="The gene sets by name.")
    random_sets: int | None = Field(None, description="Random sets drawn.")
    random_mae: float | None = Field(None, description="Mean absolute error of random sets.")
    random_pcc: float | None = Field(None, description="Mean correlation of random sets.")
    random_pcc_sd: float | None = Field(None, description="Standard deviation of it over random sets.")


TABLES: Mapping[str, Table] = {
    "platform": Table(
        "One set and a target gene.",
        Text("gene", "Target gene."),
        Number("mae", "Mean absolute error on the other platform.", STANDARD),
        Number("pcc", "Correlation on the other platform."),
        Number("p_value", "Of the permutation test there."),
        Truth("significant", "Whether it is predicted better than chance there."),
        Number("home_mae", "Mean absolute error on its own platform.", STANDARD),
        Number("home_pcc", "Correlation on its own platform."),
        Text("set", "Name of the set."),
    ),
    "tissues": Table(
        "One set and a group of samples.",
        Text("set", "Name of the set."),
        Text("tissue", "Group of samples."),
        Whole("samples", "Its samples."),
        Number("mae", "Mean absolute error over the genes of a sample.", STANDARD),
        Number("pcc", "Mean correlation over the genes of a sample."),
    ),
    "random": RANDOM,
    "sets": SETS,
}
