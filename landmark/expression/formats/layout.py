"""The layout of tables: a header of names, then one line per row, its name first.

The separator is found; so is a decimal comma, and a header that lacks the corner, as R writes it. Columns without a
single number, and those known to describe genes, are kept as annotations of the rows.
"""

import re
from collections.abc import Iterator
from itertools import chain, islice

import pandas as pd

from landmark.errors import BadData
from landmark.expression.checks import looks_like_values
from landmark.expression.formats.text import fields_of
from landmark.expression.formats.values import MISSING, Layout, is_number, read_values
from landmark.expression.identifiers import is_counter, recognise
from landmark.expression.table import Table

SEPARATORS = "\t;, |"
"""In the order of trust: a comma may be a decimal sign, a blank part of a name."""

# fmt: off
ABOUT_GENES = frozenset((
    "chr", "chrom", "chromosome", "coord", "description", "end", "entrez", "entrez_gene_id", "entrez_id",
    "entrezid", "gene_id", "gene_name", "gene_symbol", "geneid", "hugo_symbol", "length", "probe_id",
    "start", "stop", "strand", "symbol", "targetid", "width",
))
# fmt: on
"""Names of columns that describe genes, though they may hold numbers: cBioPortal, featureCounts and the tables of the
1000 Genomes project that D-GEX uses have them between the names and the values."""

PEEK_LINES = 50
DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+([eE][-+]?\d+)?")


def read_table(lines: Iterator[str], where: str) -> Table:
    """Read a table from its lines; the axis of the genes is left open.

    Raises
    ------
    BadData
        The lines are no table of numbers with names.
    """
    lines = (line for line in lines if line.strip())
    first_line, peeked = _peek(lines)
    if len(peeked) < 2:
        raise BadData(f"{where} has a single line. A table of a header and one line per row is expected.")
    separator = find_separator(peeked, where)
    header = fields_of(peeked[0], separator)
    body = [fields_of(line, separator) for line in peeked[1:]]
    if len(header) == len(body[0]) - 1:
        header = ["", *header]
    _check_header(header, where)
    decimal = _find_decimal(body, separator)
    texts = _text_columns(body, header, decimal)
    if len(texts) == len(header) - 1:
        raise BadData(
            f"{where} holds no numbers: all its columns are text. If it describes samples, add it as a table of "
            "annotations."
        )
    layout = Layout(where, separator, header, decimal, tuple(texts), first_line + 1)
    values = read_values(chain(peeked[1:], lines), layout)
    columns = [name for i, name in enumerate(header) if i and i not in set(texts)]
    rows, annotations, notes = _name_rows(values.rows, values.texts)
    if len(annotations.columns):
        kept = ", ".join(map(str, annotations.columns))
        notes.append(f"Kept as annotations, not as values: {kept}.")
    return Table(values.numbers, rows, columns, annotations, notes=tuple(notes), names_may_repeat=True)


def find_separator(lines: list[str], where: str) -> str:
    """Find the character that divides all lines into equally many fields, at least two.

    The header may have one field fewer than the lines below it.
    """
    for separator in SEPARATORS:
        widths = [len(fields_of(line, separator)) for line in lines]
        if widths[1] >= 2 and len(set(widths[1:])) == 1 and 0 <= widths[1] - widths[0] <= 1:
            return separator
    for separator in SEPARATORS:  # a ragged table is refused later, with the number of its line
        if all(separator in line for line in lines):
            return separator
    raise BadData(
        f"{where} is no table: no separator (tab, semicolon, comma or blank) divides its lines into "
        "columns. Save it as CSV or TSV."
    )


def _peek(lines: Iterator[str]) -> tuple[int, list[str]]:
    """Take the first lines, past comments, and give the number of the first taken."""
    for number, line in enumerate(lines, 1):
        if not line.startswith(("##", "# ")):
            return number, [line, *islice(lines, PEEK_LINES)]
    return 1, []


def _check_header(header: list[str], where: str) -> None:
    names = header[1:]
    numbers = all(is_number(name) for name in names)
    if looks_like_values(names) or (numbers and len(set(names)) < len(names)):
        raise BadData(
            f"The first line of {where} holds values instead of names ({', '.join(names[:5])}). Add a "
            "header that names every column."
        )


def _find_decimal(body: list[list[str]], separator: str) -> str:
    if separator == ",":
        return "."
    commas = sum(bool(DECIMAL_COMMA.fullmatch(field)) for row in body for field in row[1:])
    points = sum("." in field and is_number(field) for row in body for field in row[1:])
    return "," if commas > points else "."


def _text_columns(body: list[list[str]], header: list[str], decimal: str) -> list[int]:
    """Positions of columns that describe genes, or in which fields stand but none is a number."""
    texts = []
    for i in range(1, len(header)):
        if header[i].lower() in ABOUT_GENES:
            texts.append(i)
            continue
        present = [row[i] for row in body if i < len(row) and row[i] not in MISSING]
        if present and not any(is_number(field, decimal) for field in present):
            texts.append(i)
    return texts


def _name_rows(rows: list[str], annotations: pd.DataFrame) -> tuple[list[str], pd.DataFrame, list[str]]:
    """Take the row names from a column of text where the first column only counts, as pandas writes it."""
    if is_counter(rows):
        for column in annotations.columns:
            names = annotations[column].astype(str).tolist()
            if len(set(names)) == len(names) or recognise(names).share > 0.5:
                note = f"The first column only counts the rows; the column {str(column)!r} names them."
                return names, annotations.drop(columns=column), [note]
    return rows, annotations, []
