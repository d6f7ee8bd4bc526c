"""Turn what a reader took from a file into the expression matrix: samples in rows, genes in columns."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.errors import BadData
from landmark.expression.checks import check_matrix, check_sizes
from landmark.expression.columns import storable
from landmark.expression.facts import without_facts
from landmark.expression.grouped import group_labels
from landmark.expression.history import describe, record
from landmark.expression.identifiers import Identifier, is_counter
from landmark.expression.missing import Missing, resolve
from landmark.expression.orientation import Orientation, orient
from landmark.expression.split import set_aside
from landmark.expression.table import Axis, Table

FEW = 20
"""A narrower table that also holds text, and in which no gene is recognised, is no expression matrix."""


@dataclass(frozen=True)
class Arranged:
    """A table brought into place, its values not yet checked.

    Attributes
    ----------
    X
        float32 [samples, genes].
    samples, genes
        Their names.
    obs, var
        Annotations, one row per sample or gene.
    orientation
        Where the genes were in the file.
    notes
        Decisions that a person should know, one sentence each.
    """

    X: np.ndarray
    samples: list[str]
    genes: list[str]
    obs: pd.DataFrame
    var: pd.DataFrame
    orientation: Orientation
    notes: tuple[str, ...]


def arrange(
    table: Table, source: str, genes_in: Axis | None = None, identifier: Identifier | None = None
) -> Arranged:
    """Put samples into rows and genes into columns.

    Parameters
    ----------
    table
        As read.
    source
        Where it came from, for messages.
    genes_in, identifier
        What a person says of the genes; found where None.

    Raises
    ------
    BadData
        The table has too few samples or genes, has no gene names, or describes samples.
    """
    orientation = orient(table, genes_in, identifier)
    if table.genes_in is None:
        table = without_facts(table, orientation.genes_in)
    X, samples, genes = table.values, table.rows, table.columns
    obs, var = table.row_annotations, table.column_annotations
    if orientation.genes_in == "rows":
        X, samples, genes, obs, var = X.T, genes, samples, var, obs
    check_sizes(len(samples), len(genes))
    if is_counter(genes):
        raise BadData(
            f"The genes of {source} have no names, only numbers from {genes[0]} up. Give a file with gene symbols, "
            "probes, Entrez or Ensembl identifiers."
        )
    annotated = bool(len(obs.columns) or len(var.columns))
    if orientation.decided_by == "sizes" and annotated and min(X.shape) < FEW:
        raise BadData(
            f"{source} looks like a description of samples: it mixes text with few numbers and names no genes. Import "
            "the expression matrix first and add this file to it as a table of annotations."
        )
    notes = table.notes
    labels = group_labels(samples, orientation.genes) if table.names_may_repeat else None
    if labels is not None:
        samples, notes = labels.names, (*notes, labels.note)
        obs = obs.assign(**{labels.column: labels.values})
    obs, set_apart = set_aside(_named(obs, samples))
    return Arranged(X, samples, genes, obs, _named(var, genes), orientation, (*notes, *set_apart))


def build(
    table: Table,
    source: str,
    missing: Missing = "refuse",
    genes_in: Axis | None = None,
    identifier: Identifier | None = None,
) -> AnnData:
    """Arrange, check and describe a table.

    Parameters
    ----------
    table
        As read.
    source
        Where it came from, for people: the name of the file.
    missing
        What to do about missing values.
    genes_in, identifier
        What a person says of the genes; found where None.

    Returns
    -------
    AnnData
        X float32 [samples, genes], with unique names and the history begun.

    Raises
    ------
    BadData
        The table is no expression matrix.
    """
    placed = arrange(table, source, genes_in, identifier)
    X, kept, filled = resolve(placed.X, missing)
    genes = [placed.genes[i] for i in kept] if len(kept) < len(placed.genes) else placed.genes
    check_matrix(X, placed.samples, genes)
    adata = AnnData(np.ascontiguousarray(X, dtype=np.float32), obs=placed.obs, var=placed.var.iloc[kept])
    begin(adata, table, placed, source)
    if filled or len(genes) < len(placed.genes):
        record_missing(adata, missing, filled, len(placed.genes) - len(genes))
    return adata


def begin(adata: AnnData, table: Table, placed: Arranged, source: str) -> None:
    """Describe a matrix as its file does, and begin its history."""
    describe(
        adata,
        title=table.title or source,
        source=table.source or source,
        unit=table.unit,
        identifier=placed.orientation.genes.identifier,
    )
    if table.provenance:
        adata.uns["landmark"]["history"] = list(table.provenance)
    record(
        adata,
        "Read",
        file=source,
        samples=len(placed.samples),
        genes=len(placed.genes),
        genes_in=placed.orientation.genes_in,
        orientation_decided_by=placed.orientation.decided_by,
        identifier=placed.orientation.genes.identifier,
        share_recognised=round(placed.orientation.genes.share, 4),
        notes=list(placed.notes),
    )


def record_missing(adata: AnnData, missing: Missing, filled: int, dropped: int) -> None:
    """Add to the history what was done about missing values: values filled, genes dropped."""
    record(adata, "Missing values", choice=missing, values_filled=filled, genes_dropped=dropped)


def _named(annotations: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Give annotations their names as index."""
    frame = annotations if len(annotations.columns) else pd.DataFrame(index=range(len(names)))
    return frame.set_axis(pd.Index(names, dtype=object), axis="index").set_axis(
        storable(frame.columns), axis="columns"
    )
