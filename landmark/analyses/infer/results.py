"""What completed profiles promise: their figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Number, Results, Table, Text, Truth

TRUST, CARE = 0.5, 0.25
"""From these held-out correlations on a gene can be trusted, or used with care."""

GRADES = ("trust", "with care", "not")
"""Of inferred genes, by their held-out correlation."""

FORESEEN = "foreseen.json"
"""File of a look at what a run would do, with the figures of ``Foreseen``."""

HELD_OUT = "held_out"
"""Name of the table of held-out training samples, which runs have that know the training samples."""


class ProfilesResults(Results):
    """Figures of inferred profiles. Widths and MAE are in standard deviations of the gene over training samples."""

    predictor: str = Field(description="Name of the method.")
    set: str = Field(description="Name of the set of landmark genes.")
    title: str = Field(description="Name of the new samples.")
    learned_from: str = Field(description="Name of the data that the predictor learned from.")
    samples: int = Field(description="New samples.")
    genes: int = Field(description="Genes of a complete profile, measured and inferred.")
    landmarks: int = Field(description="Landmark genes of the predictor.")
    landmarks_matched: int = Field(description="Landmark genes that the new samples measure.")
    genes_unknown: int = Field(description="Names in the new samples that are no gene of the predictor.")
    genes_inferred: int = Field(description="Genes that were inferred.")
    genes_trusted: int = Field(description="Inferred genes with a held-out correlation of at least 0.5.")
    level: float = Field(description="Share of the values that the intervals are to cover.")
    scale: str = Field(description="How the new samples were brought to the scale of the training samples.")
    scale_proposed: bool = Field(description="Whether the program chose the scale.")
    refitted: bool = Field(
        description="Whether the predictor was fitted again on the landmark genes that are there."
    )
    pcc: float = Field(
        description="Mean correlation of the inferred genes on training samples that were held out."
    )
    pcc_all_landmarks: float | None = Field(
        None, description="Mean correlation on test samples with all landmark genes; where some are missing."
    )
    pcc_present_landmarks: float | None = Field(
        None, description="The same with those that the new samples measure."
    )
    calibration_samples: int = Field(description="Held-out training samples behind the intervals.")
    normalised: bool = Field(description="Whether intervals are wider where predictions tend to fail.")
    median_width: float = Field(description="Median width of the intervals, of up to 500 samples.")
    far_samples: int | None = Field(
        None, description="Samples farther from the training samples than 99% of the held-out ones."
    )
    median_percentile: float | None = Field(
        None, description="Of the new samples' distance among the held-out training samples', the median."
    )
    truth_genes: int | None = Field(None, description="Inferred genes that the new samples measure as well.")
    truth_samples: int | None = Field(
        None,
        description="Samples that inferred values were compared on: those the predictor did not learn from.",
    )
    learned_samples: int | None = Field(None, description="New samples that the predictor had learned from.")
    coverage: float | None = Field(
        None, description="Share of the measured values that lie in their interval."
    )
    mae: float | None = Field(
        None, description="Mean absolute error against measured values, mean over genes."
    )
    truth_pcc: float | None = Field(
        None, description="Correlation with measured values over samples, mean over genes."
    )


class Foreseen(Results):
    """What a run would do, as far as it can be told before; scale and accuracy where the predictor is there at once."""

    title: str = Field(description="Name of the new samples.")
    samples: int = Field(description="New samples.")
    learned_from: str = Field(description="Name of the data that the predictor learned from.")
    set: str = Field(description="Name of the set of landmark genes.")
    genes: int = Field(description="Genes of a complete profile.")
    landmarks: int = Field(description="Landmark genes of the predictor.")
    landmarks_matched: int = Field(description="Landmark genes that the new samples measure.")
    genes_unknown: int = Field(description="Names in the new samples that are no gene of the predictor.")
    genes_known: int = Field(description="Genes that are measured although no landmark genes.")
    genes_trusted: int | None = Field(
        None, description="Genes to be inferred with a held-out correlation of at least 0.5."
    )
    scale: str | None = Field(None, description="How the new samples would be brought to the training scale.")
    percentile: float | None = Field(
        None,
        description="Percentage of held-out training samples that lie nearer than the median new sample.",
    )
    pcc_all_landmarks: float | None = Field(
        None, description="Mean correlation on test samples with all landmark genes; where some are missing."
    )
    pcc_present_landmarks: float | None = Field(
        None, description="The same with those that the new samples measure."
    )


TABLES: Mapping[str, Table] = {
    "genes": Table(
        "One gene of the complete profiles.",
        Text("gene", "Its name in the training data."),
        Text("state", "measured or inferred."),
        Text("grade", "Of an inferred gene: trust, with care or not; else measured."),
        Number(
            "pcc",
            "Correlation of measured and inferred values on held-out training samples.",
            heading="Held-out r",
        ),
        Number(
            "mae",
            "Mean absolute error on held-out training samples.",
            "standard deviations",
            heading="Held-out error",
        ),
        Number(
            "half_width",
            "Median half-width of its intervals.",
            "unit of the training data",
            heading="±",
        ),
        Number(
            "coverage",
            "Share of its measured values that lie within their interval.",
            format="percent",
            optional=True,
        ),
        Number(
            "truth_pcc",
            "Correlation with its measured values over the new samples.",
            heading="r against measured",
            optional=True,
        ),
        Number(
            "truth_mae",
            "Mean absolute error against its measured values.",
            "standard deviations",
            heading="Error against measured",
            optional=True,
        ),
    ),
    "samples": Table(
        "One new sample.",
        Text("sample", "Its name."),
        Number(
            "distance",
            "Root mean square distance to the 10 nearest training samples, over landmark genes.",
            "standard deviations",
            optional=True,
        ),
        Number(
            "percentile",
            "Percentage of held-out training samples that lie nearer to the training samples.",
            "%",
            heading="Held-out samples nearer",
            format="%.0f%%",
            optional=True,
        ),
        Truth("far", "Whether it lies farther out than 99% of the held-out samples.", optional=True),
        Text("nearest", "The three nearest training samples, nearest first.", optional=True),
        Text(
            "mixture",
            "Training samples that it was predicted from, with their weights, largest first; of SampleLASSO alone.",
            optional=True,
        ),
        Truth("learned_from", "Whether the predictor learned from it.", optional=True),
        Number(
            "coverage",
            "Share of its measured values that lie within their interval.",
            format="percent",
            optional=True,
        ),
    ),
    HELD_OUT: Table(
        "One training sample that was held out, the nearest first.",
        Number(
            "distance",
            "Root mean square distance to the 10 nearest of the other training samples, over landmark genes.",
            "standard deviations",
        ),
    ),
    "landmarks": Table(
        "One landmark gene, or a name in the new samples that is unknown to the predictor.",
        Text("gene", "Its name."),
        Text("state", "matched, mean of several, missing or unknown."),
        Text("found_as", "How the new samples name it."),
    ),
    "scales": Table(
        "One way of bringing the new samples to the scale of the training samples.",
        Text("scale", "none, standardise or quantiles."),
        Truth("possible", "Whether it can be chosen."),
        Truth("chosen", "Whether it was chosen."),
        Number(
            "distance",
            "Median distance of the samples to their nearest training samples with it, or to the mean of these.",
            "standard deviations",
        ),
        Text("why_not", "Why it cannot be chosen."),
    ),
}
