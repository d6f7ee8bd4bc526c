"""Which terms are over-represented in a gene set, and which of them say the same."""

from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd
from gseapy.stats import calc_pvalues
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform
from scipy.stats import false_discovery_control

from landmark.errors import BadData
from landmark.genesets.geneset import GeneSet

SIGNIFICANT = 0.05
"""Bound of the adjusted p-value."""

_TYPES = {
    "term": object,
    "overlap": int,
    "size": int,
    "expected": float,
    "p_value": float,
    "p_adjusted": float,
    "genes": object,
}


def usable_terms(
    terms: Iterable[GeneSet], background: Collection[str], smallest: int = 5, largest: int = 2000
) -> dict[str, set[str]]:
    """Cut terms to the background and keep those of a size that can be tested, by name; BadData if there is none."""
    measured = set(background)
    cut = {term.name: measured.intersection(term.genes) for term in terms}
    kept = {name: genes for name, genes in cut.items() if smallest <= len(genes) <= largest}
    if not kept:
        raise BadData(
            f"No term has {smallest} to {largest:,} of the {len(measured):,} genes of the background. "
            f"The terms may name genes by another kind of identifier, such as symbols instead of probes."
        )
    return kept


def enrich(
    gene_set: GeneSet,
    terms: Iterable[GeneSet],
    background: Collection[str],
    *,
    smallest: int = 5,
    largest: int = 2000,
) -> pd.DataFrame:
    """Test which terms have more genes in a set than chance would put there.

    With N genes in the background (the measured genes), m of them in the term and n in the set, the p-value is the
    probability that n genes drawn at random include at least as many of the term as the set does. Genes of the set
    outside the background are left out. The p-values are adjusted by Benjamini and Hochberg over all terms of
    ``smallest`` to ``largest`` genes, those that share no gene with the set (p = 1) among them.

    Returns one row per term with an overlap, least p_value first: term; overlap; size, of the term within the
    background; expected, the overlap that chance gives on average, n m / N; p_value; p_adjusted; genes, the shared
    ones, separated by blanks. Raises BadData if no gene of the set is in the background, or no term has enough genes
    there.
    """
    measured = set(background)
    chosen = measured.intersection(gene_set.genes)
    if not chosen:
        raise BadData(
            f"None of the {len(gene_set):,} genes of {gene_set.name!r} is among the {len(measured):,} genes of "
            f"the background. Choose a set made on this dataset."
        )
    tested = usable_terms(terms, measured, smallest, largest)
    sharing = {name: genes for name, genes in tested.items() if not chosen.isdisjoint(genes)}
    if not sharing:
        return pd.DataFrame(columns=list(_TYPES)).astype(_TYPES)
    names, p_values, _, overlaps, sizes, shared = calc_pvalues(chosen, sharing, measured)
    # the terms that share no gene were tested too
    adjusted = false_discovery_control([*p_values, *[1.0] * (len(tested) - len(sharing))])
    table = pd.DataFrame(
        {
            "term": names,
            "overlap": overlaps,
            "size": sizes,
            "expected": [len(chosen) * size / len(measured) for size in sizes],
            "p_value": p_values,
            "p_adjusted": adjusted[: len(sharing)],
            "genes": [" ".join(sorted(genes)) for genes in shared],
        }
    )
    return table.sort_values(["p_value", "term"], ignore_index=True)


ALIKE = 0.5
"""Terms are of one group when their mean Jaccard index is at least this."""


def jaccard(genes: pd.Series) -> np.ndarray:
    """Compare terms by the genes of the set that they hold, as in the table of ``enrich``, none empty.

    Returns the genes that two terms share, divided by the genes of either, float64 [terms, terms].
    """
    held = genes.str.get_dummies(" ").to_numpy(np.float64)
    shared = held @ held.T
    sizes = np.diag(shared)
    return shared / (sizes[:, None] + sizes - shared)


def term_groups(genes: pd.Series, alike: float = ALIKE) -> np.ndarray:
    """Put terms of much the same genes into groups, by average linkage of 1 - Jaccard.

    Groups are joined from a mean index of ``alike`` on. The most important term comes first. Returns each term's
    group, numbered from 1 in the order of the terms.
    """
    if len(genes) < 2:
        return np.ones(len(genes), dtype=int)
    apart = 1 - jaccard(genes)
    np.fill_diagonal(apart, 0)
    tree = hierarchy.linkage(squareform(apart, checks=False), "average")
    found = hierarchy.fcluster(tree, 1 - alike + 1e-9, criterion="distance")
    return pd.factorize(found)[0] + 1
