"""Find the axis that holds the genes."""

from dataclasses import dataclass
from typing import Literal

from landmark.expression.identifiers import Recognition, recognise
from landmark.expression.table import Axis, Table

Reason = Literal["names", "format", "sizes"]

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
        the longer axis was taken, because nothing else told.
    genes
        What kind of names the genes carry.
    """

    genes_in: Axis
    decided_by: Reason
    genes: Recognition


def orient(table: Table) -> Orientation:
    """Decide which axis holds genes: by names, else by format, else by sizes."""
    rows, columns = recognise(table.rows), recognise(table.columns)
    recognised: dict[Axis, Recognition] = {"rows": rows, "columns": columns}
    if max(rows.gene_like, columns.gene_like) >= CLEAR_SHARE and rows.gene_like != columns.gene_like:
        axis: Axis = "rows" if rows.gene_like > columns.gene_like else "columns"
        return Orientation(axis, "names", recognised[axis])
    if table.genes_in is not None:
        return Orientation(table.genes_in, "format", recognised[table.genes_in])
    axis = "rows" if len(table.rows) > len(table.columns) else "columns"
    return Orientation(axis, "sizes", recognised[axis])
