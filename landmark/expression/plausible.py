"""Whether a table is an expression matrix at all, or describes samples; and what to say where its axes are a guess."""

from collections.abc import Sequence

import numpy as np

from landmark.errors import UnclearAxis
from landmark.expression.name_evidence import GeneColumn, evidence
from landmark.expression.orientation import CLEAR_SHARE, Orientation
from landmark.expression.table import Table

FEW = 20
"""A narrower table that also holds text, and in which no gene is recognised, is rather no expression matrix."""

PANEL = 100
"""So few columns, none of them known as a gene, with more samples than columns, may be facts about the samples."""

FEW_VALUES, CODES_SHARE = 5, 0.2
"""A column of at most so many different values is a code (sex, stage, event); in a matrix all samples have many values,
or, where counts are few, all have few."""

LOOKED_AT = 2_000


def check_matrix_meant(
    X: np.ndarray,
    genes: Sequence[str],
    columns: Sequence[GeneColumn],
    orientation: Orientation,
    table: Table,
    source: str,
) -> None:
    """Refuse what may describe samples, unless its format or a person says where the genes are.

    Parameters
    ----------
    X
        As the matrix would be, [samples, genes]; of a large file it may hold no values.
    genes
        Names of the genes, as found.
    columns
        Columns of the file that name the genes as well.
    orientation
        Where they were found.
    table
        As read.
    source
        Where it came from, for messages.

    Raises
    ------
    UnclearAxis
        It may.
    """
    if table.genes_in is not None or orientation.decided_by == "choice" or columns:
        return
    if evidence(genes).genes >= CLEAR_SHARE or orientation.genes.identifier != "unknown":
        return
    samples = len(X)
    annotated = bool(len(table.row_annotations.columns) or len(table.column_annotations.columns))
    narrow = annotated and min(X.shape) < FEW
    short = len(genes) < PANEL and len(genes) < samples and not orientation.guessed
    if narrow or short or (orientation.guessed and _some_are_codes(X)):
        raise UnclearAxis(
            f"{source} looks like a description of samples: none of its names is known as a gene"
            f"{', and it mixes text with numbers' if annotated else ''}. If it describes samples, import the "
            "expression matrix first and add this file to it as a table of annotations. If it is a matrix, say where "
            "its genes are (orientation = 'genes in rows' or 'genes in columns')."
        )


def guess_note(orientation: Orientation, samples: Sequence[str], genes: Sequence[str]) -> tuple[str, ...]:
    """Say that the axis of the genes is a guess, by what, and how to turn the matrix; nothing where it is none."""
    if not orientation.guessed:
        return ()
    axis = orientation.genes_in
    turned = "columns" if axis == "rows" else "rows"
    why = (
        "the names tell nothing, so the longer side was taken"
        if orientation.decided_by == "sizes"
        else "the names tell little"
    )
    return (
        f"That genes are in {axis} ({', '.join(genes[:3])}) and samples in {turned} ({', '.join(samples[:3])}) is a "
        f"guess: {why}. If it is the other way round, say so (orientation = 'genes in {turned}').",
    )


def _some_are_codes(X: np.ndarray) -> bool:
    """Tell whether some, not all, of the columns or rows of a file hold few different values."""
    if X.size and X.strides[0] == 0:  # values that were not read
        return False
    X = X[:LOOKED_AT, :LOOKED_AT]
    for lines in (X, X.T):
        if len(lines) <= min(PANEL, lines.shape[1]) and lines.shape[1] >= FEW:
            codes = np.mean([len(np.unique(line[np.isfinite(line)])) <= FEW_VALUES for line in lines])
            if CODES_SHARE <= codes < 1:
                return True
    return False
