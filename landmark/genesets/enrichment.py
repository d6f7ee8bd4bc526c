"""Over-represented terms in a gene set: the hypergeometric test."""

from collections.abc import Collection, Iterable

import pandas as pd
from gseapy.stats import calc_pvalues
from scipy.stats import false_discovery_control

from landmark.errors import BadData
from landmark.genesets.geneset import GeneSet

_TYPES = {
    "term": object,
    "overlap": int,
    "size": int,
    "p_value": float,
    "p_adjusted": float,
    "genes": object,
}


def enrich(
    gene_set: GeneSet,
    terms: Iterable[GeneSet],
    background: Collection[str],
    *,
    smallest: int = 5,
    largest: int = 2000,
) -> pd.DataFrame:
    """Test which terms have more genes in a set than chance would put there.

    With N genes in the background, m of them in the term and n in the set, the p-value is the probability that
    n genes drawn at random include at least as many of the term as the set does. All is counted within the
    background. The p-values are adjusted by Benjamini and Hochberg over all terms tested, those that share no
    gene with the set (p = 1) among them.

    Parameters
    ----------
    gene_set
        The genes in question; those outside the background are left out.
    terms
        Such as ``gmt.molecular_functions()``, under the same kind of identifier.
    background
        The measured genes: what could have been chosen.
    smallest, largest
        Terms with fewer or more genes of the background are not tested.

    Returns
    -------
    DataFrame
        term; overlap, the number of genes that term and set share; size, of the term within the background;
        p_value; p_adjusted; genes, the shared ones, separated by blanks. One row per term with an overlap, least
        p_value first.

    Raises
    ------
    BadData
        If no gene of the set is in the background, or no term has enough genes there.
    """
    measured = set(background)
    chosen = measured.intersection(gene_set.genes)
    if not chosen:
        raise BadData(
            f"None of the {len(gene_set):,} genes of {gene_set.name!r} is among the {len(measured):,} measured "
            f"genes. Choose a set made on this dataset."
        )
    tested = {term.name: measured.intersection(term.genes) for term in terms}
    tested = {name: genes for name, genes in tested.items() if smallest <= len(genes) <= largest}
    if not tested:
        raise BadData(
            f"No term has {smallest} to {largest:,} of the {len(measured):,} measured genes. "
            f"The terms may name genes by another kind of identifier, such as symbols instead of probes."
        )
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
            "p_value": p_values,
            "p_adjusted": adjusted[: len(sharing)],
            "genes": [" ".join(sorted(genes)) for genes in shared],
        }
    )
    return table.sort_values(["p_value", "term"], ignore_index=True)
