"""Gene sets made from gene sets."""

from collections.abc import Sequence
from dataclasses import replace

from landmark.errors import BadData
from landmark.genesets.geneset import GeneSet


def union(first: GeneSet, second: GeneSet) -> GeneSet:
    """Return the genes of either set: those of the first in its order, then the rest of the second."""
    genes = tuple(dict.fromkeys(first.genes + second.genes))
    return _made(f"{first.name} or {second.name}", genes, "union", first, second)


def intersection(first: GeneSet, second: GeneSet) -> GeneSet:
    """Return the genes of both sets, in the order of the first. Raises BadData if there are none."""
    shared = set(second.genes)
    genes = tuple(gene for gene in first.genes if gene in shared)
    return _made(f"{first.name} and {second.name}", genes, "intersection", first, second)


def difference(first: GeneSet, second: GeneSet) -> GeneSet:
    """Return the genes of the first set that the second lacks. Raises BadData if there are none."""
    other = set(second.genes)
    genes = tuple(gene for gene in first.genes if gene not in other)
    return _made(f"{first.name} not {second.name}", genes, "difference", first, second)


def panel(required: GeneSet, filled_from: GeneSet, size: int) -> GeneSet:
    """Put together a panel that must contain some genes, filled up with the first genes of another set.

    Parameters
    ----------
    required
        Genes that the panel holds whatever they are worth.
    filled_from
        The set whose genes follow, in its order.
    size
        Genes of the panel.

    Raises
    ------
    BadData
        If the required genes alone are more than the panel holds, or both sets together are fewer.
    """
    if len(required) > size:
        raise BadData(
            f"The panel is to hold {size:,} genes, and {len(required):,} are required. Choose a larger panel."
        )
    genes = union(required, filled_from).genes
    if len(genes) < size:
        raise BadData(
            f"The required genes and {filled_from.name} are {len(genes):,} genes together, and the panel is to hold "
            f"{size:,}. Choose a smaller panel, or a longer set."
        )
    origin = f"{len(required):,} required genes, filled up from {filled_from.name} ({filled_from.origin})"
    return GeneSet(f"panel of {size}", genes[:size], origin)


def cut_to_same_size(sets: Sequence[GeneSet]) -> list[GeneSet]:
    """Keep the first genes of each set, as many as the smallest set has.

    A set from a ranking keeps its most important genes. A set whose order means nothing, such as L1000, loses
    genes by the accident of that order: compare it at its full size where you can. What was cut is said in
    the origin.
    """
    size = min(len(gene_set) for gene_set in sets)
    return [_cut(gene_set, size) for gene_set in sets]


def _cut(gene_set: GeneSet, size: int) -> GeneSet:
    if len(gene_set) == size:
        return gene_set
    origin = f"the first {size} of {len(gene_set)} genes: {gene_set.origin}"
    return replace(gene_set, genes=gene_set.genes[:size], origin=origin)


def _made(name: str, genes: tuple[str, ...], how: str, first: GeneSet, second: GeneSet) -> GeneSet:
    return GeneSet(name, genes, f"{how} of {first.name} ({first.origin}) and {second.name} ({second.origin})")
