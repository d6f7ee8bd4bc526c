"""What explained calls of DeepChrome promise: their figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Column, Results, Table


class MarksResults(Results):
    """Figures of explained calls."""

    cell_type: str = Field(description="Whose network was asked.")
    genes: tuple[str, ...] = Field(description="Genes explained, in the order asked for.")
    reference_probability: float = Field(description="Probability of being expressed at the reference.")
    residual_worst: float = Field(description="Largest gap of sum-to-delta, in log-odds.")
    test_genes: int = Field(description="Test genes that the averages are of.")


_BIN = (
    Column("mark", "text", "Name of the mark."),
    Column("bin", "whole", "From 1, upstream, to 100."),
)

TABLES: Mapping[str, Table] = {
    "contributions": Table(
        "One bin of one mark of one gene.",
        (
            Column("gene", "text", "Name of the gene."),
            *_BIN,
            Column("count", "number", "What was counted there.", "reads"),
            Column("contribution", "number", "To the log-odds of being expressed."),
        ),
    ),
    "genes": Table(
        "One gene explained.",
        (
            Column("gene", "text", "Name of the gene."),
            Column("split", "text", "train, validation or test."),
            Column("label", "whole", "1 where it is expressed, else 0."),
            Column("probability", "number", "Of being expressed, by the network."),
            Column(
                "residual",
                "number",
                "By how much contributions miss the difference they explain.",
                "log-odds",
            ),
        ),
    ),
    "average": Table(
        "One bin of one mark, in one class of test genes.",
        (
            Column("label", "whole", "1 for expressed genes, 0 for unexpressed ones."),
            *_BIN,
            Column("contribution", "number", "Mean over the genes of the class, to the log-odds."),
        ),
    ),
}
