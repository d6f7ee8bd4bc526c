"""What explained calls of DeepChrome promise: their figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.epigenome.histones.results import BIN, CLASS, EXPRESSED, GENE, MARK, SPLIT
from landmark.results import Number, Results, Table


class MarksResults(Results):
    """Figures of explained calls."""

    cell_type: str = Field(description="Whose network was asked.")
    genes: tuple[str, ...] = Field(description="Genes explained, in the order asked for.")
    reference_probability: float = Field(description="Probability of being expressed at the reference.")
    residual_worst: float = Field(description="Largest gap of sum-to-delta, in log-odds.")
    test_genes: int = Field(description="Test genes that the averages are of.")


TABLES: Mapping[str, Table] = {
    "contributions": Table(
        "One bin of one mark of one gene.",
        GENE,
        MARK,
        BIN,
        Number("count", "What was counted there.", "reads"),
        Number("contribution", "To the log-odds of being expressed."),
    ),
    "genes": Table(
        "One gene explained.",
        GENE,
        SPLIT,
        EXPRESSED,
        Number(
            "probability",
            "Of being expressed, by the network.",
            heading="Probability of being expressed",
            format="percent",
            bar=(0, 1),
        ),
        Number(
            "residual",
            "By how much contributions miss the difference they explain. Near 1e-6 it is rounding.",
            "log-odds",
            format="%.1e",
        ),
    ),
    "average": Table(
        "One bin of one mark, in one class of test genes.",
        CLASS,
        MARK,
        BIN,
        Number("contribution", "Mean over the genes of the class, to the log-odds."),
    ),
}
