"""The one way in which genes are looked up in a dataset, whatever name each side uses for them."""

from collections.abc import Collection
from functools import cached_property, lru_cache

from landmark.expression import annotation
from landmark.expression.gene_name import KINDS, GeneName, gene_of, read_name, stripped


class GeneIndex:
    """Finds the gene of a dataset that a name means, and gives the dataset's own name for it.

    The name as it is goes first, then the same in another case of letters, with another Ensembl version or beside
    other names of the gene ("ABCC5|10057"), then any other name of that gene: a former symbol or alias that means one
    gene only, or an identifier of another kind.

    Parameters
    ----------
    names
        Gene names of the dataset.
    identifier
        Their kind; where it is ``unknown``, only the names as they are and other case are understood.
    """

    def __init__(self, names: Collection[str], identifier: str) -> None:
        self._names = dict.fromkeys(names)
        self._identifier = identifier

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def find(self, name: str) -> str | None:
        """Give the dataset's name of the gene, or None; where several measure it, the first."""
        return next(iter(self.find_all(name)), None)

    def find_all(self, name: str) -> tuple[str, ...]:
        """Give all names in the dataset that a gene is measured by; none where that is not clear."""
        plain = stripped(name)
        for spelled in (name, plain):
            if spelled in self._names:
                return (spelled,)
        found = read_name(plain)
        if part := found.of(self._identifier):
            same = self._parts.get(part.upper(), [])
            if self._identifier != "symbol":
                return tuple(same[:1]) or self._by_other_kind(found, plain)
            if len(same) == 1:
                return (same[0],)
        folded = self._folded.get(plain.casefold())
        if folded is not None:
            return tuple(folded[:1]) if len(folded) == 1 else ()
        return self._by_other_kind(found, plain)

    def _by_other_kind(self, found: GeneName, plain: str) -> tuple[str, ...]:
        """Look for the gene that a name means by other kinds of names, and by other symbols."""
        kinds = [kind for kind in KINDS if found.of(kind) and (kind == "symbol" or kind != self._identifier)]
        genes = [gene_of(kind, found.of(kind)) for kind in kinds] or [gene_of("symbol", plain)]
        return next((tuple(self._genes[gene]) for gene in genes if gene and gene in self._genes), ())

    @cached_property
    def _folded(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self._names:
            found.setdefault(stripped(name).casefold(), []).append(name)
        return found

    @cached_property
    def _parts(self) -> dict[str, list[str]]:
        """Names by the part that is of the dataset's kind, in capitals."""
        found: dict[str, list[str]] = {}
        for name in self._ordered:
            if part := read_name(name).of(self._identifier):
                found.setdefault(part.upper(), []).append(name)
        return found

    @cached_property
    def _genes(self) -> dict[str, list[str]]:
        """Names by the Entrez identifier of their gene."""
        found: dict[str, list[str]] = {}
        if self._identifier not in KINDS:
            return found
        parts: set[str] = set()
        for name in self._ordered:
            # an alias is a symbol here, where the dataset's names are said to be symbols
            part = read_name(name).of(self._identifier) or (name if self._identifier == "symbol" else "")
            gene = gene_of(self._identifier, part)
            if gene and part not in parts:
                found.setdefault(gene, []).append(name)
            parts.add(part)
        return found

    @property
    def _ordered(self) -> list[str]:
        """The copies of genes on the Y chromosome, as GENCODE names them, come after those on X."""
        return sorted(self._names, key=lambda name: "_PAR_Y" in name)


@lru_cache(maxsize=8)
def index_of(names: tuple[str, ...], identifier: str) -> GeneIndex:
    """Make an index, or give the one made before: a page asks for the same dataset again and again."""
    return GeneIndex(names, identifier)


def landmarks_present(names: Collection[str], identifier: str) -> int:
    """Count the L1000 landmark genes among gene names of one kind; current and former symbols both count."""
    index = index_of(tuple(names), identifier)
    return sum(
        any(index.find(name) is not None for name in alternatives)
        for alternatives in annotation.landmark_names(identifier)
    )
