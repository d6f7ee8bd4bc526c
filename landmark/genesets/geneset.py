"""A gene set: a name, its genes in order, and where it came from."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from landmark.data.gene_index import index_of
from landmark.errors import BadData


@dataclass(frozen=True)
class GeneSet:
    """Genes that are measured, or looked at, together.

    Attributes
    ----------
    name
        Name shown to people, such as "L1000" or "D490".
    genes
        Gene identifiers, unique, most important first where the origin has an order.
    origin
        Where the set came from, in words: a ranking run, a published list, a file, a seed.

    Raises
    ------
    BadData
        If the set is empty or names a gene twice.
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
    """Split a set into the genes that a dataset measures and those it does not.

    Parameters
    ----------
    gene_set
        The set to look up.
    present
        Gene identifiers of the dataset.
    older
        For genes that were renamed: the former name of a gene of the set, tried where the present name is
        absent.
    identifier
        Kind of the dataset's names; where it is known, other names of the same gene are found too.

    Returns
    -------
    used
        Genes of the set that are present, in the set's order and spelled as in the dataset, each once.
    absent
        Genes of the set that are not, spelled as in the set.
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
    """Keep the genes of a set that a dataset measures.

    Raises
    ------
    BadData
        If none of them is measured.
    """
    used, absent = match(gene_set, present, older, identifier)
    if not used:
        raise BadData(
            f"None of the {len(gene_set):,} genes of {gene_set.name!r} is in this dataset. "
            f"Check that both use the same kind of identifier; the set has names such as {absent[0]}."
        )
    return GeneSet(gene_set.name, used, gene_set.origin)
