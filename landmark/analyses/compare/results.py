"""What a comparison finds: figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Column, Results, Table

STANDARD = "standard deviations of the gene"


class SetResults(Results):
    """Figures of one gene set."""

    size: int = Field(description="Its genes.")
    targets: int = Field(description="Genes predicted from it.")
    mae: float = Field(description="Mean absolute error over targets, in standard deviations of the gene.")
    pcc: float = Field(description="Mean correlation over targets.")
    significant: int = Field(description="Targets predicted better than chance.")
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
    (
        Column("seed", "whole", "Seed that it was drawn with."),
        Column("size", "whole", "Its genes.", optional=True),
        Column("targets", "whole", "Genes predicted from it.", optional=True),
        Column("mae", "number", "Mean absolute error over its targets.", STANDARD),
        Column("pcc", "number", "Mean correlation over its targets."),
        Column(
            "mae_NAME", "number", "Error of a compared set over the same targets.", STANDARD, optional=True
        ),
        Column("pcc_NAME", "number", "Correlation of a compared set over the same targets.", optional=True),
    ),
)
"""Of random sets beside those that are compared; empty where none was drawn."""

SETS = Table(
    "One gene of a set.",
    (Column("set", "text", "Name of the set."), Column("gene", "text", "Gene, in the order of the set.")),
)
"""Of the genes in every set."""

TABLES: Mapping[str, Table] = {
    "comparison": Table(
        "One target gene.",
        (
            Column("gene", "text", "Target gene."),
            Column(
                "mae_NAME", "number", "Mean absolute error from a set; missing for its own genes.", STANDARD
            ),
            Column("pcc_NAME", "number", "Correlation of prediction and measurement."),
            Column("p_NAME", "number", "Of the permutation test."),
            Column("significant_NAME", "truth", "Whether it is predicted better than chance."),
        ),
    ),
    "summary": Table(
        "One set, the highest correlation first, and the random ones last.",
        (
            Column("set", "text", "Name of the set."),
            Column("size", "whole", "Its genes."),
            Column("targets", "whole", "Genes predicted from it; of random sets the mean."),
            Column("mae", "number", "Mean absolute error over targets.", STANDARD),
            Column("pcc", "number", "Mean correlation over targets."),
            Column("significant", "whole", "Targets predicted better than chance; missing for random sets."),
            Column("kind", "text", "Where it comes from: ranking, improved, l1000, list, variable, random."),
        ),
    ),
    "random": RANDOM,
    "sets": SETS,
    "pairs": Table(
        "Two sets, on the targets of both.",
        (
            Column("first", "text", "Name of a set."),
            Column("second", "text", "Name of the set it is compared with."),
            Column("targets", "whole", "Targets that both predict."),
            Column("wins", "number", "Share of them with a smaller error by the first."),
            Column("mae_difference", "number", "Mean absolute error, first less second.", STANDARD),
            Column("mae_low", "number", "Lower end of its 95% interval over test samples.", STANDARD),
            Column("mae_high", "number", "Upper end of its 95% interval over test samples.", STANDARD),
            Column("pcc_difference", "number", "Mean correlation, first less second."),
            Column("pcc_low", "number", "Lower end of its 95% interval over test samples."),
            Column("pcc_high", "number", "Upper end of its 95% interval over test samples."),
            Column("t_p_value", "number", "Of the paired t-test of errors over targets."),
            Column("wilcoxon_p_value", "number", "Of Wilcoxon's test of errors over targets."),
        ),
    ),
}
