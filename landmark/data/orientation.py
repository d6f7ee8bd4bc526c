"""Orientation of a table: the axis of its genes, the evidence for it, and whether it is an expression matrix at all."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from landmark.data import gene_identifiers
from landmark.data.gene_identifiers import Identifier, Recognition, is_counter, recognise, shares
from landmark.data.gene_names import texts_of
from landmark.data.io.files import Axis, Table
from landmark.errors import UnclearAxis

OTHER_GENES = re.compile(
    r"ENS[A-Z]{0,6}[GTEP]\d{11}(\.\d+)?"  # Ensembl, any species
    r"|(ILMN_|ILMN_Gene_)\d+|A_\d\d_P\d+|[NX][MRP]_\d+(\.\d+)?|(Hs|Mm|Rn)\.\d+"  # Illumina, Agilent, RefSeq, UniGene
    r"|TC[\dXYMUn]\w*\.hg\.\d|cg\d{8}|(hsa|mmu|rno)-(mir|let|miR)-.+"
    r"|AT[1-5CM]G\d{5}(\.\d+)?|FBgn\d{7}|WBGene\d{8}|Y[A-P][LR]\d{3}[CW](-[A-Z])?"
)
"""Names of genes and probes that are not known here: enough to tell the axis."""

SAMPLES = re.compile(
    r"(TCGA|TARGET|GTEX|CPTAC|ACH|CCLE|PDX|HTB|MMRF)[-._].+|C3[LN][-.]\d{5}.*"  # collections
    r"|GS[MEP]\d{2,}([-_.].*)?|[SED]R[RXSPZ]\d{5,}([-_.].*)?|SAM(N|D|EA|EG)\d{5,}([-_.].*)?"  # archives
    r"|E-[A-Z]{4}-\d+.*|EGA[NFRSD]\d{8,}.*|SIDM\d{5}"
    r"|(.*[-_#:.])?[ACGT]{12,}([-_.#:].*)?"  # barcodes of cells
    r"|.*\.(CEL|bam|sam|fastq|fq|idat|sf|counts?)(\.gz)?"
    r"|(samples?|subject|patient|pat|donor|individual|control|ctrl|case|tumou?r|normal|healthy|treated|untreated"
    r"|replicate|rep|cell|well|barcode|array|chip|slide|biopsy)[ ._-]?(id)?[ ._-]?[A-Za-z]?\d+",
    re.IGNORECASE,
)
"""Names that only samples and cells carry."""

SHORT = re.compile(r"[A-Za-z]{1,3}[ ._-]?\d{1,4}([._-]\d+)?")
"""S1, P-12, GC003: names of samples rather than of genes, where nothing knows them as genes."""

NUMBER = re.compile(r"X?\d+(\.0)?")
"""A whole number, as it is or as R writes it at the head of a column, or as a float."""

SYMBOL_WITH_MORE = re.compile(r"([A-Z][A-Z0-9-]{1,14})[_|;:(@ ].+")  # FOXA1_3169, TP53|7157
KNOWN_COLUMN = 0.5  # a column is said to name genes if so many of its entries are known
LOOKED_AT = 5_000  # of more names, evenly spaced ones stand for all


ORIENTATIONS: dict[str, Axis | None] = {"found": None, "genes in rows": "rows", "genes in columns": "columns"}
"""Where the genes of a file are, as people say it."""


@dataclass(frozen=True)
class Evidence:
    """What the names along one axis say."""

    genes: float  # share of names that genes or probes carry; numbers are none
    samples: float  # share of names that only samples carry, or that occur again
    # share of whole numbers, which may be Entrez identifiers, and may count or number anything else
    numbers: float
    short: float  # share of names such as S1, which say little


@dataclass(frozen=True)
class GeneColumn:
    """A column of annotations that names genes."""

    name: str  # of the column
    genes: Recognition  # what its entries are
    unique: bool  # whether no two genes have the same entry


def evidence(names: Sequence[str]) -> Evidence:
    """Read the names along an axis.

    Symbols count in any letter case: those of the mouse differ in it from those of man.
    """
    seen = [str(name) for name in names[:: -(-len(names) // LOOKED_AT) or 1]]
    if not seen:
        return Evidence(0.0, 0.0, 0.0, 0.0)
    words = [name for name in seen if not NUMBER.fullmatch(name)]
    samples = [name for name in words if SAMPLES.fullmatch(name)]
    others = [name for name in words if not SAMPLES.fullmatch(name)]
    known = recognise(others).gene_like * len(others) if others else 0.0
    genes = max(known, sum(map(_gene_like, others)))
    repeated = len(seen) - len(set(seen)) if len(seen) == len(names) else 0
    short = sum(SHORT.fullmatch(name) is not None for name in others)
    return Evidence(
        genes / len(seen),
        max(len(samples), repeated) / len(seen),
        (len(seen) - len(words)) / len(seen),
        short / len(seen),
    )


def _gene_like(name: str) -> bool:
    if OTHER_GENES.fullmatch(name) or name.upper() in gene_identifiers.symbols():
        return True
    longer = SYMBOL_WITH_MORE.fullmatch(name)
    return longer is not None and longer[1] in gene_identifiers.symbols()


def gene_columns(annotations: pd.DataFrame) -> list[GeneColumn]:
    """Find the columns of the genes' annotations that name genes, the one whose entries are best known first."""
    found = []
    for column in annotations.columns:
        texts = [text for text in column_texts(annotations[column]) if text]
        if len(set(texts)) * 2 <= len(annotations):  # a few words again and again name no genes
            continue
        genes = recognise(texts)
        if genes.share > KNOWN_COLUMN:
            found.append(GeneColumn(str(column), genes, len(set(texts)) == len(texts)))
    order = ("symbol", "ensembl", "entrez", "hgu133a_probe")
    return sorted(found, key=lambda each: order.index(each.genes.identifier))


def column_texts(column: pd.Series) -> list[str]:
    """Give the entries of a column as text: empty where one is missing, and whole numbers without a point."""
    return [text.removesuffix(".0") for text in texts_of(column)]


Reason = Literal["names", "format", "few names", "sizes", "choice"]
CLEAR_SHARE = 0.05  # an axis with fewer telling names than this says nothing
SURE_SHARE = 0.3  # what fewer names tell is a guess: some words that name samples are symbols of genes too
OVERRULING_SHARE = 0.5
"""A format that knows where genes are is overruled from so many gene names on the other axis on."""

ENTREZ_SHARE = 0.9
"""Of Entrez identifiers almost all are known; of numbers up to 5,000 that count something, two thirds."""

LONGER = 3
"""So many times more genes than samples, and not fewer than ``MANY``: numbers that are known are then genes."""
MANY = 100


@dataclass(frozen=True)
class Orientation:
    """Where the genes are."""

    genes_in: Axis  # the axis of the file that holds genes
    # ``names``: the names say so, against the format or with it; ``format``: the format says so; ``few
    # names``: a guess by numbers, or by the few names that say anything; ``sizes``: a guess, the longer axis
    # was taken, because nothing else told; ``choice``: a person said so
    decided_by: Reason
    genes: Recognition  # what kind of names the genes carry

    @property
    def guessed(self) -> bool:
        """Whether a person should look."""
        return self.decided_by in ("few names", "sizes")


def orient(table: Table, genes_in: Axis | None = None, identifier: Identifier | None = None) -> Orientation:
    """Decide which axis holds genes: as told, else by the format if it knows, else by names, else by sizes.

    A format that knows is overruled only where the names of the other axis are those of genes, and its own are not.
    Numbers alone never win against names: they are Entrez identifiers only where something else says so too.
    """
    axis, reason = _decided(table, genes_in)
    names = table.rows if axis == "rows" else table.columns
    return Orientation(axis, reason, _recognised(names, identifier))


OTHER: Mapping[Axis, Axis] = {"rows": "columns", "columns": "rows"}


def named_anew(found: Orientation, names: Sequence[str], identifier: Identifier | None = None) -> Orientation:
    """Keep the axis for genes that got other names."""
    return replace(found, genes=_recognised(names, identifier))


def _recognised(names: Sequence[str], identifier: Identifier | None) -> Recognition:
    """Find the kind of gene names, unless it is said."""
    genes = recognise(names)
    if identifier is None or identifier == genes.identifier:
        return genes
    return Recognition(identifier, shares(names).get(identifier, 0.0), genes.gene_like)


def _decided(table: Table, genes_in: Axis | None) -> tuple[Axis, Reason]:
    if genes_in is not None:
        return genes_in, "choice"
    said: dict[Axis, Evidence] = {"rows": evidence(table.rows), "columns": evidence(table.columns)}
    if table.genes_in is not None:
        own, across = said[table.genes_in].genes, said[OTHER[table.genes_in]].genes
        if across > OVERRULING_SHARE and own < across / 2:
            return OTHER[table.genes_in], "names"
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
    return "rows" if len(table.rows) > len(table.columns) else "columns", "sizes"


def _by_numbers(table: Table, said: dict[Axis, Evidence]) -> tuple[Axis, Reason] | None:
    """Decide where one axis is numbered: its numbers are samples, unless more than numbers speaks for genes."""
    numbered: list[Axis] = [axis for axis, found in said.items() if found.numbers > OVERRULING_SHARE]
    if len(numbered) == 2:
        counted: list[Axis] = [
            axis for axis in numbered if is_counter(table.rows if axis == "rows" else table.columns)
        ]
        return (OTHER[counted[0]], "few names") if len(counted) == 1 else None
    if not numbered:
        return None
    axis = numbered[0]
    numbers, words = (table.rows, table.columns) if axis == "rows" else (table.columns, table.rows)
    known = 0.0 if is_counter(numbers) else shares(numbers)["entrez"]
    short = said[OTHER[axis]].short > OVERRULING_SHARE
    longer = len(numbers) > len(words) if short else len(numbers) >= max(MANY, LONGER * len(words))
    if known >= ENTREZ_SHARE and longer:
        return axis, "few names"
    return None if short else (OTHER[axis], "few names")


def _by_annotations(table: Table) -> Axis | None:
    """Decide by a column that names the gene of every row, or a row that names that of every column."""
    rows, columns = gene_columns(table.row_annotations), gene_columns(table.column_annotations)
    if bool(rows) == bool(columns):
        return None
    return "rows" if rows else "columns"


FEW = 20
"""A narrower table that also holds text, and in which no gene is recognised, is rather no expression matrix."""

PANEL = 100
"""So few columns, none of them known as a gene, with more samples than columns, may be facts about the samples."""

FEW_VALUES, CODES_SHARE = 5, 0.2
"""A column of at most so many different values is a code (sex, stage, event); in a matrix all samples have many values,
or, where counts are few, all have few."""

VALUES_LOOKED_AT = 2_000


def check_matrix_meant(
    X: np.ndarray,
    genes: Sequence[str],
    columns: Sequence[GeneColumn],
    orientation: Orientation,
    table: Table,
    source: str,
) -> None:
    """Refuse what may describe samples, unless its format or a person says where the genes are."""
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
    axis, turned = orientation.genes_in, OTHER[orientation.genes_in]
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
    X = X[:VALUES_LOOKED_AT, :LOOKED_AT]
    for lines in (X, X.T):
        if len(lines) <= min(PANEL, lines.shape[1]) and lines.shape[1] >= FEW:
            codes = np.mean([len(np.unique(line[np.isfinite(line)])) <= FEW_VALUES for line in lines])
            if CODES_SHARE <= codes < 1:
                return True
    return False
