"""What the names of genes are called, and how datasets are described in one line."""

from functools import cache

IDENTIFIERS = {
    "symbol": "gene symbols",
    "hgu133a_probe": "HG-U133A probes",
    "entrez": "Entrez identifiers",
    "ensembl": "Ensembl identifiers",
    "unknown": "names of no known kind",
}
"""Kinds of identifiers to what they are called."""


@cache
def l1000_size() -> int:
    """Return how many landmark genes the paper's L1000 set has."""
    from landmark.genesets.sources import (
        l1000,  # reads a table, which the start of a command should not wait for
    )

    return len(l1000(dgex=True).genes)


def size_and_names(samples: int, genes: int, identifier: str) -> str:
    """Describe a matrix: "975 samples × 17,391 gene symbols"."""
    return f"{samples:,} samples × {genes:,} {IDENTIFIERS.get(identifier, identifier)}"


def of_l1000(present: int) -> str:
    """Say how many of the L1000 genes a dataset has: "943 of 943 L1000 genes"."""
    return f"{present:,} of {l1000_size()} L1000 genes"
