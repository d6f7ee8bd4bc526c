"""Two datasets over the genes that both measure, whatever each calls them; and what else they share."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from anndata import AnnData

from landmark.data.gene_identifiers import TITLES, Identifier, symbols_of
from landmark.data.history import fact
from landmark.data.shared_samples import shared_samples
from landmark.errors import BadData
from landmark.store.datasets import Dataset

FEWEST = 50
"""With fewer genes in common, a set and its targets are too small to tell sets apart."""


@dataclass(frozen=True)
class Matched:
    """Two matrices over the same genes, float32 [samples, genes]: the mean of all probes or identifiers of a gene."""

    genes: tuple[str, ...]
    """Symbols that both datasets measure, in the order of the first; their own names where both have the same kind."""
    first: np.ndarray
    other: np.ndarray
    names: dict[str, str]
    """Name of each gene of the first dataset that has one here: its own name to that in ``genes``."""


def matched(first: AnnData, other: AnnData) -> Matched:
    """Match the genes of two datasets by name, or by gene symbol where their names are of different kinds.

    BadData if fewer than ``FEWEST`` genes are in both.
    """
    kinds, named = _kinds(first, other), _named(first, other)
    there = set(named[1]) - {""}
    genes = tuple(dict.fromkeys(name for name in named[0] if name in there))
    if len(genes) < FEWEST:
        raise BadData(
            f"Only {len(genes):,} genes of {fact(first, 'title')} ({TITLES[kinds[0]]}) are found in "
            f"{fact(other, 'title')} ({TITLES[kinds[1]]}); at least {FEWEST} are needed. Choose another dataset, or "
            "import it with gene names of a known kind."
        )
    known = set(genes)
    own = dict(zip(map(str, first.var_names), named[0], strict=True))
    return Matched(
        genes,
        _by_gene(first, named[0], genes),
        _by_gene(other, named[1], genes),
        {name: gene for name, gene in own.items() if gene in known},
    )


def _kinds(*matrices: AnnData) -> list[Identifier]:
    return [cast(Identifier, fact(matrix, "identifier") or "unknown") for matrix in matrices]


def _named(first: AnnData, other: AnnData) -> list[list[str]]:
    """Name the genes of both alike: by their own names, or by symbols where these are of different kinds."""
    kinds = _kinds(first, other)
    named = [list(map(str, matrix.var_names)) for matrix in (first, other)]
    if kinds[0] != kinds[1] or kinds[0] == "hgu133a_probe":
        named = [symbols_of(names, kind) for names, kind in zip(named, kinds, strict=True)]
    return named


def _by_gene(matrix: AnnData, names: list[str], genes: tuple[str, ...]) -> np.ndarray:
    """Average the columns of each gene, float32 [samples, genes]."""
    place = {gene: number for number, gene in enumerate(genes)}
    columns = np.array([place.get(name, -1) for name in names])
    chosen = np.flatnonzero(columns >= 0)
    if len(chosen) == len(genes):  # one column per gene, the usual case
        return np.asarray(matrix.X[:, chosen[np.argsort(columns[chosen])]], np.float32)
    total = np.zeros((matrix.n_obs, len(genes)))
    for column in chosen:
        total[:, columns[column]] += matrix.X[:, column]
    return (total / np.bincount(columns[chosen], minlength=len(genes))).astype(np.float32)


MOST_VALUES = 40_000_000
"""Of datasets with more values, only the names of samples are compared: their values would take too long to read."""


@dataclass(frozen=True)
class Related:
    """Counts of genes by which two datasets would be matched, and of samples in both, by name or by values."""

    genes: int
    samples: int


def related(first: Dataset, other: Dataset) -> Related:
    """Count the genes and samples that two datasets share."""
    ours, theirs = first.annotations(), other.annotations()
    here, there = _named(ours, theirs)
    genes = len(set(here) & (set(there) - {""}))
    names = [list(map(str, about.obs_names)) for about in (ours, theirs)]
    sizes = [item.manifest.samples * item.manifest.genes for item in (first, other)]
    if genes < FEWEST or max(sizes) > MOST_VALUES:
        nothing = np.empty((0, 0))
        return Related(genes, shared_samples(nothing, np.empty((len(names[1]), 0)), *names).count)
    both = matched(first.load(), other.load())
    return Related(genes, shared_samples(both.first, both.other, *names).count)
