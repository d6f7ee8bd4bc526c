"""Genes that a file only numbers, named by a column beside the numbers."""

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

from landmark.data.gene_identifiers import recognise
from landmark.data.io.values import MISSING, is_number

NAMING = (
    "gene_symbols", "gene_symbol", "symbol", "symbols", "gene_name", "gene_names", "genes", "gene", "feature_name",
    "feature_names", "features", "feature", "hugo_symbol", "gene_short_name", "external_gene_name", "name", "names",
    "gene_ids", "gene_id", "ensembl", "ensembl_id", "ensembl_gene_id", "feature_id", "probe_id", "probe", "id",
)  # fmt: skip
"""Columns that name genes, in lower case with underscores, the most readable names first. Scanpy, Seurat, CELLxGENE,
biomaRt and GEO call them so."""

KNOWN_SHARE = 0.5
"""A column under any other name is taken if so many of its entries are genes."""


def are_numbered(names: Sequence[str]) -> bool:
    """Tell whether names are whole numbers that ascend, as counters do, also after rows were taken out."""
    if not all(name.isascii() and name.isdecimal() for name in names):
        return False
    numbers = list(map(int, names))
    return all(before < after for before, after in pairwise(numbers))


def named(names: list[str], annotations: pd.DataFrame) -> tuple[list[str], pd.DataFrame, tuple[str, ...]]:
    """Take names of genes from the column of their annotations that holds them, where the genes are only
    numbered.

    Names and annotations stay where the genes have names or no column does. Otherwise the column is taken
    out; where it has no name, the number stays, after the word "unnamed". The notes say so.
    """
    column = _naming_column(annotations) if are_numbered(names) else None
    if column is None:
        return names, annotations, ()
    found = _texts(annotations[column])
    taken = [text or f"unnamed {number}" for text, number in zip(found, names, strict=True)]
    note = f"The genes are only numbered; the column {column!r} names them."
    return taken, annotations.drop(columns=column), (note,)


def _naming_column(annotations: pd.DataFrame) -> str | None:
    """Find the column whose entries are known as genes, or else one that by its name should hold them."""
    best, most = None, KNOWN_SHARE
    for column in annotations.columns:
        found = _texts(annotations[column])
        share = recognise([text for text in found if text]).share if _are_names(found) else 0.0
        if share > most or (share == most and best is not None and _rank(column) < _rank(best)):
            best, most = column, share
    if best is not None:
        return best
    called = [column for column in annotations.columns if _rank(column) < len(NAMING)]
    return next((c for c in sorted(called, key=_rank) if _are_names(_texts(annotations[c]))), None)


def _rank(column: str) -> int:
    plain = str(column).lower().replace(" ", "_").replace(".", "_").replace("-", "_")
    return NAMING.index(plain) if plain in NAMING else len(NAMING)


def _texts(column: pd.Series) -> list[str]:
    """Give the entries as text; one that is missing is empty."""
    texts = column.astype(object).where(column.notna(), "").map(str).str.strip()
    return ["" if text in MISSING else text for text in texts]


def _are_names(texts: list[str]) -> bool:
    """Tell whether most entries are there, are no numbers, and differ."""
    there = [text for text in texts if text]
    return len(set(there)) > len(texts) / 2 and not any(is_number(text) for text in there[:100])
