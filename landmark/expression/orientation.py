"""Find the axis that holds the genes, unless a person says which it is."""

from dataclasses import dataclass
from typing import Literal

from landmark.expression.identifiers import Identifier, Recognition, recognise, shares
from landmark.expression.table import Axis, Table

Reason = Literal["names", "format", "sizes", "choice"]

CLEAR_SHARE = 0.05
"""An axis with fewer gene-like names than this says nothing."""


@dataclass(frozen=True)
class Orientation:
    """Where the genes are.

    Attributes
    ----------
    genes_in
        The axis of the file that holds genes.
    decided_by
        ``names``: more of this axis' names are gene identifiers; ``format``: the format says so; ``sizes``:
        the longer axis was taken, because nothing else told; ``choice``: a person said so.
    genes
        What kind of names the genes carry.
    """

    genes_in: Axis
    decided_by: Reason
    genes: Recognition


def orient(table: Table, genes_in: Axis | None = None, identifier: Identifier | None = None) -> Orientation:
    """Decide which axis holds genes: as told, else by names, else by format, else by sizes.

    Parameters
    ----------
    table
        As read.
    genes_in, identifier
        What a person says of the axis of the genes and of the kind of their names; found where None.
    """
    found = _decided(table, genes_in)
    if identifier is None or identifier == found.genes.identifier:
        return found
    names = table.rows if found.genes_in == "rows" else table.columns
    said = Recognition(identifier, shares(names).get(identifier, 0.0), found.genes.gene_like)
    return Orientation(found.genes_in, found.decided_by, said)


def _decided(table: Table, genes_in: Axis | None) -> Orientation:
    rows, columns = recognise(table.rows), recognise(table.columns)
    recognised: dict[Axis, Recognition] = {"rows": rows, "columns": columns}
    if genes_in is not None:
        return Orientation(genes_in, "choice", recognised[genes_in])
    if max(rows.gene_like, columns.gene_like) >= CLEAR_SHARE and rows.gene_like != columns.gene_like:
        axis: Axis = "rows" if rows.gene_like > columns.gene_like else "columns"
        return Orientation(axis, "names", recognised[axis])
    if table.genes_in is not None:
        return Orientation(table.genes_in, "format", recognised[table.genes_in])
    axis = "rows" if len(table.rows) > len(table.columns) else "columns"
    return Orientation(axis, "sizes", recognised[axis])
