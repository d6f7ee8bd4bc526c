"""What an import of histone profiles promises: its figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Number, Results, Table, Text, Whole


class HistonesResults(Results):
    """Figures of an import of histone profiles."""

    cell_types: int = Field(description="Cell types.")
    genes: int = Field(description="Different genes over all cell types.")
    expressed: float = Field(description="Share of genes that are expressed, over all cell types.")
    source: str = Field(description="Where the profiles come from.")
    title: str = Field(description="Name for people.")
    rules: str = Field(description="The rules planted in simulated profiles, as JSON; empty for others.")
    ignored: tuple[str, ...] = Field(description="Files of the folder that were left out.")


CELL_TYPE = Text("cell_type", "The cell type.")
GENE = Text("gene", "Name of the gene.")
SPLIT = Text("split", "train, validation or test.")
EXPRESSED = Whole("label", "1 where it is expressed, else 0.")
CLASS = Whole("label", "1 for expressed genes, 0 for unexpressed ones.")
MARK = Text("mark", "Name of the mark.")
BIN = Whole("bin", "From 1, upstream, to 100.")

TABLES: Mapping[str, Table] = {
    "genes": Table(
        "One gene of one cell type, in the order of the profiles.", CELL_TYPE, GENE, SPLIT, EXPRESSED
    ),
    "means": Table(
        "One bin of one mark, in one class of genes of one cell type.",
        CELL_TYPE,
        CLASS,
        MARK,
        BIN,
        Number("mean", "Mean over the genes of the class.", "reads per bin"),
    ),
}
