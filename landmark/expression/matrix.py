"""Turn what a reader took from a file into the expression matrix: samples in rows, genes in columns."""

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.errors import BadData
from landmark.expression.checks import check_matrix, check_sizes
from landmark.expression.grouped import group_labels
from landmark.expression.history import describe, record
from landmark.expression.identifiers import is_counter
from landmark.expression.orientation import orient
from landmark.expression.table import Table

FEW = 20
"""A narrower table that also holds text, and in which no gene is recognised, is no expression matrix."""


def build(table: Table, source: str) -> AnnData:
    """Orient, check and name a table.

    Parameters
    ----------
    table
        As read.
    source
        Where it came from, for people: the name of the file.

    Returns
    -------
    AnnData
        X float32 [samples, genes], with unique names and the history begun.

    Raises
    ------
    BadData
        The table is no expression matrix.
    """
    orientation = orient(table)
    turned = orientation.genes_in == "rows"
    X = table.values.T if turned else table.values
    samples, genes = (table.columns, table.rows) if turned else (table.rows, table.columns)
    obs, var = table.row_annotations, table.column_annotations
    if turned:
        obs, var = var, obs
    check_sizes(len(samples), len(genes))
    if is_counter(genes):
        raise BadData(
            f"The genes of {source} have no names, only numbers from {genes[0]} up. Give a file with gene "
            "symbols, "
            "probes, Entrez or Ensembl identifiers."
        )
    if (
        orientation.decided_by == "sizes"
        and len(obs.columns) + len(var.columns)
        and min(table.values.shape) < FEW
    ):
        raise BadData(
            f"{source} looks like a description of samples: it mixes text with few numbers and names no "
            "genes. Import "
            "the expression matrix first and add this file to it as a table of annotations."
        )
    labels = group_labels(samples, orientation.genes)
    if labels is not None:
        samples, obs = labels.names, obs.assign(**{labels.column: labels.values})
    check_matrix(X, samples, genes)
    adata = AnnData(
        np.ascontiguousarray(X, dtype=np.float32), obs=_frame(obs, samples), var=_frame(var, genes)
    )
    describe(
        adata,
        title=table.title or source,
        source=table.source or source,
        unit=table.unit,
        identifier=orientation.genes.identifier,
    )
    if table.provenance:
        adata.uns["landmark"]["history"] = list(table.provenance)
    record(
        adata,
        "Read",
        file=source,
        samples=adata.n_obs,
        genes=adata.n_vars,
        genes_in=orientation.genes_in,
        orientation_decided_by=orientation.decided_by,
        identifier=orientation.genes.identifier,
        share_recognised=round(orientation.genes.share, 4),
        notes=[*table.notes, *([labels.note] if labels is not None else [])],
    )
    return adata


def _frame(annotations: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Give annotations their names as index; text becomes categorical when AnnData writes it."""
    frame = annotations if len(annotations.columns) else pd.DataFrame(index=range(len(names)))
    return frame.set_axis(pd.Index(names, dtype=object), axis="index")
