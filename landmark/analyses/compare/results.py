"""What a comparison finds: figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Number, Results, Table, Text, Truth, Whole

STANDARD = "standard deviations of the gene"


class SetResults(Results):
    """Figures of one gene set."""

    size: int = Field(description="Its genes.")
    targets: int = Field(description="Genes predicted from it.")
    mae: float = Field(description="Mean absolute error over targets, in standard deviations of the gene.")
    pcc: float = Field(description="Mean correlation over targets.")
    significant: int = Field(description="Targets predicted better than chance.")
    pcc_within: float | None = Field(
        None, description="Mean over targets of the correlation within groups of test samples."
    )
    percentile: float | None = Field(None, description="Random sets that correlate less, in percent.")
    percentile_mae: float | None = Field(None, description="Random sets with a larger error, in percent.")


class WithoutIdentical(Results):
    """Figures of one gene set over the targets that no other gene copies."""

    held: int = Field(description="Genes of the set that carry the values of another.")
    targets: int = Field(description="Targets that are left.")
    mae: float = Field(description="Mean absolute error over them, in standard deviations of the gene.")
    pcc: float = Field(description="Mean correlation over them.")


class CompareResults(Results):
    """Figures of a comparison; those of a pair set the first selection or ranking against L1000."""

    predictor: str = Field(description="Method of prediction.")
    arithmetic: str = Field(description="How the number of targets comes about.")
    sets: Mapping[str, SetResults] = Field(description="The compared sets by name.")
    label: str | None = Field(None, description="Annotation within whose groups correlations are measured.")
    label_groups: int | None = Field(None, description="Its groups with enough test samples.")
    label_samples: int | None = Field(None, description="Test samples in them.")
    identical_genes: int = Field(0, description="Genes that carry the values of another in every sample.")
    without_identical: Mapping[str, WithoutIdentical] = Field(
        {}, description="The sets without such targets."
    )
    random_sets: int | None = Field(None, description="Random sets drawn.")
    random_pcc: float | None = Field(None, description="Mean correlation of random sets.")
    random_pcc_sd: float | None = Field(None, description="Standard deviation of it over random sets.")
    random_mae: float | None = Field(None, description="Mean absolute error of random sets.")
    random_mae_sd: float | None = Field(None, description="Standard deviation of it over random sets.")
    first: str | None = Field(None, description="First set of the pair.")
    second: str | None = Field(None, description="Second set of the pair.")
    wins: float | None = Field(None, description="Share of common targets with a smaller error by the first.")
    mae_difference: float | None = Field(None, description="Mean absolute error, first less second.")
    mae_low: float | None = Field(None, description="Lower end of its 95% interval over test samples.")
    mae_high: float | None = Field(None, description="Upper end of its 95% interval over test samples.")
    pcc_difference: float | None = Field(None, description="Mean correlation, first less second.")
    pcc_low: float | None = Field(None, description="Lower end of its 95% interval over test samples.")
    pcc_high: float | None = Field(None, description="Upper end of its 95% interval over test samples.")
    t_p_value: float | None = Field(None, description="Of the paired t-test of errors over targets.")
    wilcoxon_p_value: float | None = Field(None, description="Of Wilcoxon's test of errors over targets.")
    overlap: int | None = Field(None, description="Genes that the two sets share.")
    redrawn_groups: int | None = Field(
        None, description="Groups that the intervals redraw whole; 0 for none."
    )


RANDOM = Table(
    "One random set.",
    Whole("seed", "Seed that it was drawn with."),
    Whole("size", "Its genes.", optional=True),
    Whole("targets", "Genes predicted from it.", optional=True),
    Number("mae", "Mean absolute error over its targets.", STANDARD),
    Number("pcc", "Mean correlation over its targets."),
    Number("mae_NAME", "Error of a compared set over the same targets.", STANDARD, optional=True),
    Number("pcc_NAME", "Correlation of a compared set over the same targets.", optional=True),
)
"""Of random sets beside those that are compared; empty where none was drawn."""

SETS = Table(
    "One gene of a set.", Text("set", "Name of the set."), Text("gene", "Gene, in the order of the set.")
)
"""Of the genes in every set."""
PERCENTILE = Number(
    "percentile",
    "Share of random sets of the same size with a lower mean correlation on the same targets. 100: it beats them all.",
    heading="Percentile among random sets",
    format="%d",
)
"""Of a set, as the figures have it; no table holds it."""

TABLES: Mapping[str, Table] = {
    "comparison": Table(
        "One target gene.",
        Text("gene", "Target gene."),
        Number("mae_NAME", "Mean absolute error from a set; missing for its own genes.", STANDARD),
        Number("pcc_NAME", "Correlation of prediction and measurement."),
        Number("p_NAME", "Of the permutation test."),
        Truth("significant_NAME", "Whether it is predicted better than chance."),
    ),
    "summary": Table(
        "One set, the highest correlation first, and the random ones last.",
        Text("set", "Name of the set."),
        Whole("size", "Its genes.", "", "Genes"),
        Whole("targets", "Genes predicted from it; of random sets the mean."),
        Number("mae", "Mean absolute error over targets.", STANDARD, "Mean MAE", "%.4f"),
        Number("pcc", "Mean correlation over targets.", "", "Mean PCC", "%.4f"),
        Number(
            "pcc_within",
            "Mean over targets of the correlation within each group of test samples, such as a tissue, averaged over "
            "groups by their samples. Differences between groups often carry most of the plain correlation; this is "
            "what is known beyond them.",
            "",
            "PCC within groups",
            "%.4f",
            optional=True,
        ),
        Whole("significant", "Targets predicted better than chance; missing for random sets."),
        Text("kind", "Where it comes from: ranking, improved, l1000, list, variable, random."),
    ),
    "random": RANDOM,
    "sets": SETS,
    "pairs": Table(
        "Two sets, on the targets of both.",
        Text("first", "Name of a set."),
        Text("second", "Name of the set it is compared with."),
        Whole("targets", "Targets that both predict."),
        Number("wins", "Share of them with a smaller error by the first."),
        Number("mae_difference", "Mean absolute error, first less second.", STANDARD),
        Number("mae_low", "Lower end of its 95% interval over test samples.", STANDARD),
        Number("mae_high", "Upper end of its 95% interval over test samples.", STANDARD),
        Number("pcc_difference", "Mean correlation, first less second."),
        Number("pcc_low", "Lower end of its 95% interval over test samples."),
        Number("pcc_high", "Upper end of its 95% interval over test samples."),
        Number("t_p_value", "Of the paired t-test of errors over targets."),
        Number("wilcoxon_p_value", "Of Wilcoxon's test of errors over targets."),
    ),
}
