"""Turn what a reader took from a file into the expression matrix: samples in rows, genes in columns."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.data.facts import without_facts
from landmark.data.gene_identifiers import TITLES, Identifier, Recognition, is_counter
from landmark.data.gene_names import CALLED, check_names, put_right
from landmark.data.history import describe, history, record
from landmark.data.io.files import Axis, Table
from landmark.data.orientation import (
    GeneColumn,
    Orientation,
    check_matrix_meant,
    column_texts,
    gene_columns,
    guess_note,
    named_anew,
    orient,
)
from landmark.data.sample_metadata import storable
from landmark.data.split import set_aside
from landmark.data.steps.missing import Missing, check_finite, resolve_missing
from landmark.data.steps.stream import from_memory, in_memory
from landmark.errors import BadData

FORMER = "name in the file"  # annotation of genes that are named by a column: what the file names them itself


@dataclass(frozen=True)
class Arranged:
    """A table brought into place, its values not yet checked."""

    X: np.ndarray  # float32 [samples, genes]
    # their names
    samples: list[str]
    genes: list[str]
    # annotations, one row per sample or gene
    obs: pd.DataFrame
    var: pd.DataFrame
    orientation: Orientation  # where the genes were in the file
    notes: tuple[str, ...]  # decisions that a person should know, one sentence each
    # columns of the file that name the genes as well, the best known first
    name_columns: tuple[GeneColumn, ...] = ()


def arrange(
    table: Table,
    source: str,
    genes_in: Axis | None = None,
    identifier: Identifier | None = None,
    names_from: str = "",
    several: bool = False,
    fewest_samples: int = 2,
) -> Arranged:
    """Put samples into rows and genes into columns.

    ``genes_in`` and ``identifier`` are found where None. ``names_from`` is the column of the file that names
    the genes; empty for the names that the file gives them. ``several``: genes of one name are going to be
    brought together, so that names may repeat. ``fewest_samples``: 1 where a single sample makes sense.
    BadData: there are too few samples or genes, no gene names, or no such column. UnclearAxis: the table may describe
    samples, and nobody said where the genes are.
    """
    orientation = orient(table, genes_in, identifier)
    if table.genes_in is None:
        table = without_facts(table, orientation.genes_in)
    X, samples, genes = table.values, table.rows, table.columns
    obs, var = table.row_annotations, table.column_annotations
    if orientation.genes_in == "rows":
        X, samples, genes, obs, var = X.T, genes, samples, var, obs
    _check_sizes(len(samples), len(genes), fewest_samples)
    columns, notes = tuple(gene_columns(var)), table.notes
    if names_from:
        genes, var, renamed = _named_by(genes, var, names_from, source)
        notes = (*notes, renamed)
        orientation = named_anew(orientation, genes, identifier)
    elif is_counter(genes):
        raise BadData(_only_numbers(source, genes, columns))
    check_matrix_meant(X, genes, columns, orientation, table, source)
    notes = (*notes, *guess_note(orientation, samples, genes), *_offer(orientation, columns, names_from))
    if table.names_may_repeat and _are_groups(samples, orientation.genes):
        obs, notes = obs.assign(tissue=samples), (*notes, _GROUPS.format(len(set(samples)), len(samples)))
        samples = _numbered_within(samples)
    obs, set_apart = set_aside(_named(obs, samples))
    names, called, told = put_right(genes, orientation.genes.identifier, several)
    var = _named(var, names)
    if called is not None:
        var[CALLED] = called
    return Arranged(X, samples, names, obs, var, orientation, (*notes, *set_apart, *told), columns)


def _check_sizes(samples: int, genes: int, fewest_samples: int) -> None:
    """Refuse a matrix without anything to learn from: fewer than two genes, or fewer samples than make sense."""
    if not samples or not genes:
        raise BadData(f"The matrix holds no values: {samples:,} samples and {genes:,} genes were found.")
    if samples < fewest_samples:
        raise BadData("The matrix holds a single sample. At least two are needed; hundreds make sense.")
    if genes == 1:
        raise BadData(
            "The matrix holds a single gene. At least two are needed; if there are more in the file, its "
            "columns are perhaps separated by an unusual character: save it with tabs or commas."
        )


def build(
    table: Table,
    source: str,
    missing: Missing = "refuse",
    genes_in: Axis | None = None,
    identifier: Identifier | None = None,
    names_from: str = "",
    several: bool = False,
    fewest_samples: int = 2,
) -> AnnData:
    """Arrange, check and describe a table, with the choices of ``read``; ``source`` is the name of the file."""
    placed = arrange(table, source, genes_in, identifier, names_from, several, fewest_samples)
    # Genes go by their positions: names are checked on those that are left.
    unnamed = from_memory(AnnData(placed.X))
    complete = resolve_missing(unnamed, missing)
    kept = complete.about.var_names.astype(np.int64)
    _check_sizes(complete.samples, complete.genes, fewest_samples)
    check_names(placed.samples, "sample")
    check_names([placed.genes[i] for i in kept], "gene")
    X = placed.X if complete is unnamed else in_memory(complete).X
    adata = AnnData(np.ascontiguousarray(X, dtype=np.float32), obs=placed.obs, var=placed.var.iloc[kept])
    if missing != "leave":
        check_finite(from_memory(adata))
    begin(adata, table, placed, source)
    for step in history(complete.about):
        record(adata, step.pop("step"), **step)
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


FEWEST_GROUPS = 2
FEWEST_SAMPLES = 3  # of each group: two columns of one name are rather a column that was pasted twice

_GROUPS = (
    "Every sample name occurs several times: {} names for {} samples. The names are kept as the column 'tissue', and "
    "the samples are numbered within each."
)


def _are_groups(samples: Sequence[str], genes: Recognition) -> bool:
    """Recognise samples named by their group: gene names are known, and every name occurs at least three times."""
    counts = Counter(samples).values()
    return genes.share >= 0.5 and len(counts) >= FEWEST_GROUPS and min(counts) >= FEWEST_SAMPLES


def _numbered_within(samples: Sequence[str]) -> list[str]:
    """Number samples within their group: "Brain 1", "Brain 2"."""
    seen: Counter[str] = Counter()
    names = []
    for sample in samples:
        seen[sample] += 1
        names.append(f"{sample} {seen[sample]}")
    return names


def _named_by(
    genes: list[str], var: pd.DataFrame, column: str, source: str
) -> tuple[list[str], pd.DataFrame, str]:
    """Name the genes by a column of the file, and keep what they are named there."""
    if column not in var.columns:
        there = ", ".join(map(str, var.columns)) or "none"
        raise BadData(f"{source} has no column {column!r} about its genes. Columns about genes: {there}.")
    texts = column_texts(var[column])
    named = [text or gene for text, gene in zip(texts, genes, strict=True)]
    without = texts.count("")
    note = f"The genes are named by the column {column!r}"
    note += f"; {without:,} without an entry keep the name that the file gives them." if without else "."
    return named, var.drop(columns=column).assign(**{FORMER: genes}), note


def _offer(orientation: Orientation, columns: tuple[GeneColumn, ...], names_from: str) -> tuple[str, ...]:
    """Say which column would name the genes where their own names are not known here."""
    if names_from or not columns or orientation.genes.identifier != "unknown":
        return ()
    best = columns[0]
    return (
        f"The names of the genes are of no known kind; the column {best.name!r} holds {TITLES[best.genes.identifier]}. "
        f"Name the genes by it (names_from = {best.name}) to compare with L1000 and to look up functions.",
    )


def _only_numbers(source: str, genes: list[str], columns: tuple[GeneColumn, ...]) -> str:
    """Say that genes are only numbered, and which column would name them."""
    remedy = (
        f"Name them by the column {columns[0].name!r} (names_from = {columns[0].name})."
        if columns
        else "Give a file with gene symbols, probes, Entrez or Ensembl identifiers."
    )
    return f"The genes of {source} have no names, only numbers from {genes[0]} up. {remedy}"


def _named(annotations: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Give annotations their names as index."""
    frame = annotations if len(annotations.columns) else pd.DataFrame(index=range(len(names)))
    return frame.set_axis(pd.Index(names, dtype=object), axis="index").set_axis(
        storable(frame.columns), axis="columns"
    )
