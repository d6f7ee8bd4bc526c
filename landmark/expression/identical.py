"""Genes that carry the values of another gene in every sample, as fill values do."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Literal

import numpy as np
from anndata import AnnData

from landmark.expression.history import record

Identical = Literal["keep", "keep one", "drop"]

DIGEST_BYTES = 16

STEP = "Genes with the same values"
"""What the history calls leaving them out."""


def first_alike(blocks: Iterable[np.ndarray], genes: int) -> np.ndarray:
    """Find for every gene the first one with the same values in all samples, often itself.

    Parameters
    ----------
    blocks
        The samples, some at a time: float32 [samples of the block, genes].
    genes
        Number of genes.

    Returns
    -------
    ndarray
        int [genes]: position of the first gene whose values have the same digest (BLAKE2b).
    """
    digests = [blake2b(digest_size=DIGEST_BYTES) for _ in range(genes)]
    for block in blocks:
        for digest, values in zip(digests, np.ascontiguousarray(block.T), strict=True):
            digest.update(values)
    first: dict[bytes, int] = {}
    return np.array([first.setdefault(digest.digest(), gene) for gene, digest in enumerate(digests)], np.intp)


def shared_values(first: np.ndarray) -> np.ndarray:
    """Tell which genes carry the values of another, given ``first_alike``: bool [genes]."""
    return np.bincount(first, minlength=len(first))[first] > 1


def kept_genes(first: np.ndarray, choice: Identical) -> np.ndarray:
    """Tell which genes a choice keeps, given ``first_alike``: bool [genes]; of each kind one is the first."""
    if choice == "keep":
        return np.ones(len(first), dtype=bool)
    if choice == "drop":
        return ~shared_values(first)
    return first == np.arange(len(first))


def without_copies(adata: AnnData) -> AnnData:
    """Leave out all genes that carry the values of another one; the history says so. Itself where there are none."""
    copies = shared_values(first_alike([np.asarray(adata.X)], adata.n_vars))
    if not copies.any():
        return adata
    kept = adata[:, ~copies].copy()
    record(kept, STEP, choice="drop", genes_dropped=int(copies.sum()))
    return kept
