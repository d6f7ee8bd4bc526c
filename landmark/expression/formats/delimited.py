"""Text tables with separators: CSV, TSV and their relatives."""

from pathlib import Path

from landmark.expression.formats.layout import read_table
from landmark.expression.formats.text import is_text, lines_of
from landmark.expression.table import Table
from landmark.expression.unpack import Source


class Delimited:
    """A table with tabs, commas, semicolons, blanks or bars between its fields."""

    name = "a table with separators (CSV, TSV)"
    extensions = (".csv", ".tsv", ".txt", ".tab")

    def recognises(self, path: Path, head: bytes) -> bool:
        """Any text may be such a table."""
        return is_text(head)

    def read(self, source: Source) -> Table:
        """Read the table; the axis of the genes is left open."""
        return read_table(lambda: lines_of(source), source.path.name)
