"""Which target genes each target gene reads: the most and the least similar ones."""

import numpy as np

from landmark.progress import Progress, Report, silent

BLOCK = 512
"""Genes whose similarities to all others are held at once."""


def similar_genes(X: np.ndarray, most: int, least: int, report: Report = silent) -> np.ndarray:
    """Find the genes most and least similar to each gene.

    Parameters
    ----------
    X
        Training samples, [samples, genes]. Similarity is the cosine; of standardised genes that is the correlation.
    most, least
        How many of either. A gene counts as the most similar to itself, as in the public code of Kim et al. 2025.
    report
        Told about progress.

    Returns
    -------
    ndarray
        int32 [most + least, genes], none twice for a gene, the first the gene itself; all genes where there are not
        more.
    """
    genes = X.shape[1]
    most, least = (most, least) if most + least < genes else (genes, 0)
    unit = X.T / np.maximum(np.linalg.norm(X, axis=0), np.finfo(np.float32).tiny)[:, None]
    found = np.empty((most + least, genes), np.int32)
    bounds = sorted({max(least - 1, 0), genes - most})
    for start in range(0, genes, BLOCK):
        report(Progress("Finding similar genes", start, genes, "gene"))
        own = np.arange(start, min(start + BLOCK, genes))
        similarity = unit[own] @ unit.T
        similarity[own - start, own] = np.inf
        order = np.argpartition(similarity, bounds, axis=1)
        chosen = np.sort(np.concatenate([order[:, genes - most :], order[:, :least]], axis=1), axis=1)
        others = chosen[chosen != own[:, None]].reshape(len(own), -1)
        found[0, own], found[1:, own] = own, others.T
    return found
