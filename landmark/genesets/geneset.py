"""A gene set, a name with its genes in order and where it came from; what a dataset has of it; sets made from sets."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from landmark.data.gene_index import index_of
from landmark.errors import BadData


@dataclass(frozen=True)
class GeneSet:
    """Unique genes that are measured, or looked at, together, most important first where there is an order.

    The name is shown to people, such as "L1000" or "D490"; the origin says in words where the set came from. Raises
    BadData if the set is empty or names a gene twice.
    """

    name: str
    genes: tuple[str, ...]
    origin: str

    def __post_init__(self) -> None:
        if not self.genes:
            raise BadData(f"The gene set {self.name!r} is empty. Give it at least one gene.")
        gene, times = Counter(self.genes).most_common(1)[0]
        if times > 1:
            raise BadData(f"The gene set {self.name!r} names {gene} {times} times. Keep each gene only once.")

    def __len__(self) -> int:
        return len(self.genes)


def match(
    gene_set: GeneSet,
    present: Collection[str],
    older: Mapping[str, str] | None = None,
    identifier: str = "unknown",
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split a set into the genes that a dataset measures, spelled as there, and those it does not.

    For genes that were renamed, ``older`` has the former name of a gene of the set, tried where the present name is
    absent. Where ``identifier``, the kind of the dataset's names, is known, other names of the same gene are found
    too.
    """
    there = present if isinstance(present, set | frozenset | dict) else set(present)
    older = older or {}
    index = index_of(tuple(present), identifier)
    used: dict[str, None] = {}
    absent = []
    for gene in gene_set.genes:
        spelled = gene if gene in there else older.get(gene, gene)
        found = spelled if spelled in there else index.find(gene)
        if found is not None:
            used[found] = None
        else:
            absent.append(gene)
    return tuple(used), tuple(absent)


def present_part(
    gene_set: GeneSet,
    present: Collection[str],
    older: Mapping[str, str] | None = None,
    identifier: str = "unknown",
) -> GeneSet:
    """Keep the genes of a set that a dataset measures, as ``match`` finds them; BadData if there is none."""
    used, absent = match(gene_set, present, older, identifier)
    if not used:
        raise BadData(
            f"None of the {len(gene_set):,} genes of {gene_set.name!r} is in this dataset. "
            f"Check that both use the same kind of identifier; the set has names such as {absent[0]}."
        )
    return GeneSet(gene_set.name, used, gene_set.origin)


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
    """Fill required genes up to a panel of ``size`` genes with the first genes of another set.

    Raises BadData if the required genes alone are more than the panel holds, or both sets together are fewer.
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
    """Keep the first genes of each set, as many as the smallest set has, and say in the origin what was cut.

    A set from a ranking keeps its most important genes. A set whose order means nothing, such as L1000, loses genes by
    the accident of that order: compare it at its full size where you can.
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
