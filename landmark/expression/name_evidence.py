"""What names along an axis say of it: that it holds genes, that it holds samples, or nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from landmark.expression import annotation
from landmark.expression.formats.values import MISSING
from landmark.expression.identifiers import Recognition, recognise

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

SYMBOL_WITH_MORE = re.compile(r"([A-Z][A-Z0-9-]{1,14})[_|;:(@ ].+")
"""FOXA1_3169, TP53|7157."""

KNOWN_COLUMN = 0.5
"""A column is said to name genes if so many of its entries are known."""

LOOKED_AT = 5_000
"""Of more names, evenly spaced ones stand for all."""


@dataclass(frozen=True)
class Evidence:
    """What the names along one axis say.

    Attributes
    ----------
    genes
        Share of names that genes or probes carry; numbers are none.
    samples
        Share of names that only samples carry, or that occur again.
    numbers
        Share of whole numbers, which may be Entrez identifiers, and may count or number anything else.
    short
        Share of names such as S1, which say little.
    """

    genes: float
    samples: float
    numbers: float
    short: float


@dataclass(frozen=True)
class GeneColumn:
    """A column of annotations that names genes.

    Attributes
    ----------
    name
        Of the column.
    genes
        What its entries are.
    unique
        Whether no two genes have the same entry.
    """

    name: str
    genes: Recognition
    unique: bool


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
    if OTHER_GENES.fullmatch(name) or name.upper() in annotation.symbols():
        return True
    longer = SYMBOL_WITH_MORE.fullmatch(name)
    return longer is not None and longer[1] in annotation.symbols()


def gene_columns(annotations: pd.DataFrame) -> list[GeneColumn]:
    """Find the columns that name genes, the one whose entries are best known first.

    Parameters
    ----------
    annotations
        Of the genes, one row each.
    """
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
    texts = column.astype(object).where(column.notna(), "").map(str).str.strip()
    return ["" if text in MISSING else text.removesuffix(".0") for text in texts]
