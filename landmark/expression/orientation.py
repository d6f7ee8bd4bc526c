"""Find the axis that holds the genes, unless a person says which it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from landmark.expression.identifiers import Identifier, Recognition, is_counter, recognise, shares
from landmark.expression.name_evidence import Evidence, evidence, gene_columns
from landmark.expression.table import Axis, Table

Reason = Literal["names", "format", "few names", "sizes", "choice"]

CLEAR_SHARE = 0.05
"""An axis with fewer telling names than this says nothing."""

SURE_SHARE = 0.3
"""What fewer names tell is a guess: some words that name samples are symbols of genes too."""

OVERRULING_SHARE = 0.5
"""A format that knows where genes are is overruled from so many gene names on the other axis on."""

ENTREZ_SHARE = 0.9
"""Of Entrez identifiers almost all are known; of numbers up to 5,000 that count something, two thirds."""

LONGER = 3
"""So many times more genes than samples, and not fewer than ``MANY``: numbers that are known are then genes."""
MANY = 100


@dataclass(frozen=True)
class Orientation:
    """Where the genes are.

    Attributes
    ----------
    genes_in
        The axis of the file that holds genes.
    decided_by
        ``names``: the names say so, against the format or with it; ``format``: the format says so; ``few names``: a
        guess by numbers, or by the few names that say anything; ``sizes``: a guess, the longer axis was taken, because
        nothing else told; ``choice``: a person said so.
    genes
        What kind of names the genes carry.
    """

    genes_in: Axis
    decided_by: Reason
    genes: Recognition

    @property
    def guessed(self) -> bool:
        """Whether a person should look."""
        return self.decided_by in ("few names", "sizes")


def orient(table: Table, genes_in: Axis | None = None, identifier: Identifier | None = None) -> Orientation:
    """Decide which axis holds genes: as told, else by the format if it knows, else by names, else by sizes.

    A format that knows is overruled only where the names of the other axis are those of genes, and its own are not.
    Numbers alone never win against names: they are Entrez identifiers only where something else says so too.

    Parameters
    ----------
    table
        As read.
    genes_in, identifier
        What a person says of the axis of the genes and of the kind of their names; found where None.
    """
    axis, reason = _decided(table, genes_in)
    names = table.rows if axis == "rows" else table.columns
    return Orientation(axis, reason, _recognised(names, identifier))


def named_anew(found: Orientation, names: Sequence[str], identifier: Identifier | None = None) -> Orientation:
    """Keep the axis for genes that got other names."""
    return replace(found, genes=_recognised(names, identifier))


def _recognised(names: Sequence[str], identifier: Identifier | None) -> Recognition:
    """Find the kind of gene names, unless it is said."""
    genes = recognise(names)
    if identifier is None or identifier == genes.identifier:
        return genes
    return Recognition(identifier, shares(names).get(identifier, 0.0), genes.gene_like)


def other(axis: Axis) -> Axis:
    """Give the other axis."""
    return "columns" if axis == "rows" else "rows"


def _decided(table: Table, genes_in: Axis | None) -> tuple[Axis, Reason]:
    if genes_in is not None:
        return genes_in, "choice"
    said: dict[Axis, Evidence] = {"rows": evidence(table.rows), "columns": evidence(table.columns)}
    if table.genes_in is not None:
        own, across = said[table.genes_in].genes, said[other(table.genes_in)].genes
        if across > OVERRULING_SHARE and own < across / 2:
            return other(table.genes_in), "names"
        return table.genes_in, "names" if own > max(across, SURE_SHARE) else "format"
    for_rows = said["rows"].genes + said["columns"].samples
    for_columns = said["columns"].genes + said["rows"].samples
    if max(for_rows, for_columns) >= SURE_SHARE and for_rows != for_columns:
        axis: Axis = "rows" if for_rows > for_columns else "columns"
        return axis, "names" if abs(for_rows - for_columns) >= SURE_SHARE else "few names"
    if (numbered := _by_numbers(table, said)) is not None:
        return numbered
    if (described := _by_annotations(table)) is not None:
        return described, "names"
    if max(for_rows, for_columns) >= CLEAR_SHARE and for_rows != for_columns:
        return "rows" if for_rows > for_columns else "columns", "few names"
    return _longer(table), "sizes"


def _longer(table: Table) -> Axis:
    return "rows" if len(table.rows) > len(table.columns) else "columns"


def _by_numbers(table: Table, said: dict[Axis, Evidence]) -> tuple[Axis, Reason] | None:
    """Decide where one axis is numbered: its numbers are samples, unless more than numbers speaks for genes."""
    numbered: list[Axis] = [axis for axis, found in said.items() if found.numbers > OVERRULING_SHARE]
    if len(numbered) == 2:
        counted: list[Axis] = [
            axis for axis in numbered if is_counter(table.rows if axis == "rows" else table.columns)
        ]
        return (other(counted[0]), "few names") if len(counted) == 1 else None
    if not numbered:
        return None
    axis = numbered[0]
    numbers, words = (table.rows, table.columns) if axis == "rows" else (table.columns, table.rows)
    known = 0.0 if is_counter(numbers) else shares(numbers)["entrez"]
    short = said[other(axis)].short > OVERRULING_SHARE
    longer = len(numbers) > len(words) if short else len(numbers) >= max(MANY, LONGER * len(words))
    if known >= ENTREZ_SHARE and longer:
        return axis, "few names"
    return None if short else (other(axis), "few names")


def _by_annotations(table: Table) -> Axis | None:
    """Decide by a column that names the gene of every row, or a row that names that of every column."""
    rows, columns = gene_columns(table.row_annotations), gene_columns(table.column_annotations)
    if bool(rows) == bool(columns):
        return None
    return "rows" if rows else "columns"
