"""A table that gives the symbol of every gene name, and a dataset named by it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.data.gene_identifiers import is_nameless, read_name, stripped
from landmark.data.gene_index import GeneIndex
from landmark.data.gene_names import CALLED, COLLAPSE
from landmark.data.history import describe, record
from landmark.data.io.excel import read_beside
from landmark.data.io.files import Limits, limits, source
from landmark.data.io.layout import NoTable, Opened
from landmark.data.io.text import fields_of
from landmark.data.steps.stream import Stream, chosen_genes, without_values
from landmark.errors import BadData
from landmark.wording import listed

SYMBOL_COLUMNS = frozenset(
    [
        "symbol",
        "genesymbol",
        "symbols",
        "ilmngene",
        "hugosymbol",
        "hgncsymbol",
        "genesymbols",
        "geneassignment",
    ]
)
"""What the column of symbols is called, blanks and the like left out."""

LOOKED_AT = 2_000  # lines by which the columns are told
FEWEST_SYMBOLS = 0.2  # from this share of known symbols on, a column without such a name is one of symbols
LONGEST = 60  # characters of a symbol


@dataclass(frozen=True)
class GeneTable:
    """Symbols for the genes of a dataset."""

    symbols: tuple[str, ...]  # one per gene, in the order of the dataset; empty where the table has none
    several: int  # genes for which the table lists several symbols, of which the first is taken
    # where they were found, for people
    names_column: str
    symbols_column: str

    @property
    def matched(self) -> int:
        """Number of genes with a symbol."""
        return sum(map(bool, self.symbols))

    def sentence(self, file: str) -> str:
        """Say how many genes were found, and where."""
        said = f"{self.matched:,} of {len(self.symbols):,} genes have a symbol in {file}"
        said += f" (column {self.symbols_column!r})."
        if self.several:
            said += f" For {self.several:,} it lists several symbols; the first one known is taken."
        return said


def read_gene_table(path: Path, genes: Sequence[str], within: Limits | None = None) -> GeneTable:
    """Look up the symbols of genes, named as in the dataset, in a table: text or Excel, packed or not.

    BadData: the file is no table, has no column with these names, or none with symbols.
    """
    otherwise = f"{path.name} is no text file. Give a table of names and gene symbols as CSV, TSV or Excel."
    file = source(path, within or limits())
    held = read_beside(file, lambda opened: _table(opened, path.name), otherwise)
    if not held or max(map(len, held)) < 2:
        raise BadData(
            f"{path.name} is no table of names and gene symbols: two columns are needed, separated by tabs, commas "
            "or semicolons."
        )
    first = held[:LOOKED_AT]
    at = _names_column(held, genes, path.name)
    symbol_at = _symbol_column(first, at, path.name)
    known: dict[str, str] = {}
    for row in held:
        if len(row) > max(at, symbol_at) and not is_nameless(row[symbol_at]):
            known.setdefault(row[at], row[symbol_at])
    index = GeneIndex(known, "unknown")
    cells = [known[found] if (found := index.find(gene)) is not None else "" for gene in genes]
    read = [_symbol(cell) for cell in cells]
    if not any(symbol for symbol, _ in read):
        raise BadData(f"{path.name} gives no gene symbol for any gene of this dataset. Choose another table.")
    header = first[0]
    return GeneTable(
        tuple(symbol for symbol, _ in read),
        sum(count > 1 for _, count in read),
        _title(header, at),
        _title(header, symbol_at),
    )


def _table(opened: Opened, where: str) -> list[list[str]]:
    """Give the rows of the table without comments, fields without quotes and blanks at their ends."""
    with opened() as lines:
        rows = list(_divided(line for line in lines if line.strip() and not line.startswith(("#", "!", "^"))))
    if not rows:
        raise NoTable(f"{where} holds no table.")
    return rows


def _divided(lines: Iterator[str]) -> Iterator[list[str]]:
    first = next(lines, "")
    separator = next((mark for mark in "\t;," if mark in first), ",")
    for line in chain([first], lines):
        # GEO and most other tables with tabs do not double quotes; commas inside quotes are common with commas
        fields = line.split("\t") if separator == "\t" else fields_of(line, separator)
        yield [stripped(field) for field in fields]


def _names_column(rows: Sequence[Sequence[str]], genes: Sequence[str], where: str) -> int:
    """Find the column with most names of the dataset."""
    wanted = {gene.casefold() for gene in genes}
    counts = [
        len({row[i].casefold() for row in rows if i < len(row)} & wanted) for i in range(max(map(len, rows)))
    ]
    best = max(range(len(counts)), key=lambda i: counts[i])
    if not counts[best]:
        shown = next((row[0] for row in rows[1:] if row and row[0]), rows[0][0])
        raise BadData(
            f"{where} does not fit: none of its columns has names of this dataset, which are such as {genes[0]}; the "
            f"table has such as {shown}. Give the table of the same array or kind of names."
        )
    return best


def _symbol_column(rows: Sequence[Sequence[str]], names_at: int, where: str) -> int:
    """Find the column of symbols by its name, or else by what it holds."""
    header = ["".join(filter(str.isalnum, name)).casefold() for name in rows[0]]
    named = [i for i, name in enumerate(header) if name in SYMBOL_COLUMNS and i != names_at]
    others = named or [i for i in range(max(map(len, rows))) if i != names_at]
    shares = {i: _share([row[i] for row in rows[1:] or rows if i < len(row)]) for i in others}
    best = max(shares, key=lambda i: shares[i])
    if not named and shares[best] < FEWEST_SYMBOLS:
        raise BadData(
            f"{where} has the names of this dataset, but no column of gene symbols. Name that column 'Gene Symbol', or "
            "give a table that has one."
        )
    return best


def _share(cells: Sequence[str]) -> float:
    filled = [cell for cell in cells if not is_nameless(cell)]
    return sum(read_name(cell).kind == "symbol" for cell in filled) / len(filled) if filled else 0.0


def _symbol(cell: str) -> tuple[str, int]:
    """Take the symbol from a cell, and count the genes that it lists."""
    if not cell or is_nameless(cell):
        return "", 0
    found = read_name(cell)
    if found.symbol:
        return found.symbol, found.genes
    first = stripped(cell.split("//")[0])
    return (first, 1) if len(first) <= LONGEST and not is_nameless(first) else ("", 0)


def _title(header: Sequence[str], at: int) -> str:
    return header[at] if at < len(header) and header[at] else f"column {at + 1}"


def rename(about: AnnData, table: GeneTable, file: str, keep: bool) -> None:
    """Say of every gene what the table calls it, in ``CALLED``; the names stay until the genes are brought together.

    Genes without a symbol ``keep`` their name, or are left out.
    """
    about.var[CALLED] = [
        symbol or (name if keep else "") for symbol, name in zip(table.symbols, about.var_names, strict=True)
    ]
    describe(about, identifier="symbol")
    rest = about.n_vars - table.matched
    said = f"{table.sentence(file)} The other {rest:,} {'keep their names' if keep else 'are left out'}."
    record(
        about, "Named by a table", file=file, matched=table.matched, unmatched=rest, kept=keep, notes=[said]
    )


def settle(stream: Stream) -> Stream:
    """Give the genes the names they are called by; BadData where several are called the same."""
    about = stream.about
    if CALLED not in about.var:
        return stream
    called = about.var[CALLED].astype(str)
    kept = np.flatnonzero(called != "")
    names = called.iloc[kept]
    twice = names[names.duplicated()].unique()
    if len(twice):
        raise BadData(
            f"{len(twice):,} symbols belong to more than one name each ({listed(twice)}). Please {COLLAPSE}."
        )
    left = chosen_genes(stream, kept)
    var = left.about.var.drop(columns=CALLED).set_axis(pd.Index(names.to_numpy(), dtype=object))
    return replace(left, about=without_values(left.about, var=var))
