"""GEO series matrix files: facts about the series and its samples, then a table of genes by samples."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from landmark.errors import BadData
from landmark.expression.formats.geo import fields, sample_facts, statements, until
from landmark.expression.formats.records import numbered
from landmark.expression.formats.text import lines_of
from landmark.expression.formats.values import Layout, read_values
from landmark.expression.table import Table
from landmark.expression.unpack import Source

BEGIN, END = "!series_matrix_table_begin", "!series_matrix_table_end"


class SeriesMatrix:
    """A GEO series matrix, named ``GSE1234_series_matrix.txt.gz`` by GEO."""

    name = "GEO series matrix"
    extensions = (".txt",)

    def recognises(self, path: Path, head: bytes) -> bool:
        """Every line before the table starts with an exclamation mark, those of the series first."""
        return head.lstrip(b'\xef\xbb\xbf\r\n" ').startswith(b"!Series_")

    def read(self, source: Source) -> Table:
        """Read the table and what describes the samples."""
        where = source.path.name
        with lines_of(source, newline="\n") as lines:
            about, length = _preamble(lines, where)
            header = fields(next(lines, ""))
            if len(header) < 2:
                raise BadData(f"{where} is cut short: nothing follows the line {BEGIN!r}. Download it again.")
            body = until(lines, END, where)
            first = next(body, None)
            if first is None:
                raise BadData(
                    f"The table of {where} is empty, as for series of sequencing data: their values are in the "
                    "supplementary files of the series. Import one of those."
                )
            records = numbered(chain([first], body), length + 2)
            values = read_values(records, Layout(where, "\t", header))
        return Table(
            values.numbers,
            values.rows,
            header[1:],
            column_annotations=sample_facts(about.facts, len(header) - 1),
            genes_in="rows",
            title=about.title,
            source=f"GEO {about.accession}" if about.accession else "",
        )


@dataclass
class _About:
    title: str = ""
    accession: str = ""
    facts: dict[str, list[list[str]]] = field(default_factory=lambda: defaultdict(list))


def _preamble(lines: Iterator[str], where: str) -> tuple[_About, int]:
    """Read the facts before the table, and count their lines with the one that begins the table."""
    about = _About()
    for number, statement in statements(_until_begin(lines)):
        if statement.startswith(BEGIN):
            return about, number
        name, *values = fields(statement)
        if name.startswith("!Sample_"):
            about.facts[name.removeprefix("!Sample_")].append(values)
        elif name == "!Series_title":
            about.title = " ".join(values)
        elif name == "!Series_geo_accession":
            about.accession = " ".join(values)
    raise BadData(f"{where} has no table of values (no line {BEGIN!r}). Download it again.")


def _until_begin(lines: Iterator[str]) -> Iterator[str]:
    """Stop at the line that begins the table."""
    for line in lines:
        yield line
        if line.startswith(BEGIN):
            return
