"""A list of genes as people paste it, and what became of each name."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cache

from landmark.errors import BadData
from landmark.expression import annotation
from landmark.genesets.geneset import GeneSet
from landmark.genesets.gmt import molecular_functions
from landmark.genesets.l1000 import l1000, older_symbols

_SEPARATORS = re.compile(r"[\s,;]+")
_QUOTES = "\"'`\u2018\u2019\u201c\u201d"


@dataclass(frozen=True)
class Triage:
    """What became of each name of a list; every name is in exactly one of the first three fields.

    Attributes
    ----------
    used
        Genes of the dataset that were named, spelled as in the dataset, in the order of the list.
    absent
        Names of genes that exist but are not in the dataset.
    unknown
        Names that are no gene we know of: typing errors, other identifiers, headings.
    duplicated
        Names that came again after their first time.
    """

    used: tuple[str, ...]
    absent: tuple[str, ...]
    unknown: tuple[str, ...]
    duplicated: tuple[str, ...]

    def gene_set(self, name: str, origin: str) -> GeneSet:
        """Make a gene set of the used genes.

        Raises
        ------
        BadData
            If none of the names is in the dataset.
        """
        if not self.used:
            raise BadData(
                f"The list {name!r} has no gene of this dataset: {len(self.absent):,} known but not measured "
                f"here, {len(self.unknown):,} unknown. Check that the list and the dataset use the same kind of "
                f"identifier."
            )
        return GeneSet(name, self.used, origin)


def triage(text: str, present: Collection[str], known: Collection[str] | None = None) -> Triage:
    """Read a pasted or uploaded list and sort its names.

    Names may stand in lines, columns, or between commas, semicolons, tabs or blanks, with or without quotes.
    A line of a GMT file is recognised by its tabs and by its third field being the first that is a gene; its
    name and description are dropped. Lines that begin with # are comments. Upper and lower case are taken for
    the same where only one gene of the dataset fits.

    Parameters
    ----------
    text
        The list as it was given.
    present
        Gene identifiers of the dataset.
    known
        Names of genes that exist; by default the symbols of GO and L1000. See ``known_names``.
    """
    known = known_symbols() if known is None else known
    lookup = _Lookup(present)
    known_lookup = _Lookup(known)
    used: dict[str, None] = {}
    absent: dict[str, None] = {}
    unknown: dict[str, None] = {}
    duplicated: dict[str, None] = {}
    for name in _names(text, lookup, known_lookup):
        gene = lookup.find(name)
        if gene is not None:
            kind, key = used, gene
        elif (gene := known_lookup.find(name)) is not None:
            kind, key = absent, gene
        else:
            kind, key = unknown, name
        if key in kind:
            duplicated[key] = None
        kind[key] = None
    return Triage(tuple(used), tuple(absent), tuple(unknown), tuple(duplicated))


@cache
def known_symbols() -> frozenset[str]:
    """Return the gene symbols of GO molecular function and of L1000, former ones too."""
    names = {gene for gene_set in molecular_functions() for gene in gene_set.genes}
    return frozenset(names.union(l1000().genes, older_symbols().values()))


@cache
def known_names(identifier: str) -> frozenset[str]:
    """Return all names of genes that are known here: symbols, and those of the kind that a dataset uses."""
    own: dict[str, Callable[[], Collection[str]]] = {
        "hgu133a_probe": annotation.probe_symbols,
        "entrez": annotation.entrez,
        "ensembl": annotation.ensembl_symbols,
    }
    return known_symbols() | annotation.symbols() | frozenset(own[identifier]() if identifier in own else ())


class _Lookup:
    """Finds a name as it is spelled, or in another case where that is not ambiguous."""

    def __init__(self, names: Collection[str]) -> None:
        self._exact = frozenset(names)
        self._folded: dict[str, str | None] = {}
        for name in names:
            folded = name.casefold()
            self._folded[folded] = None if folded in self._folded else name

    def find(self, name: str) -> str | None:
        return name if name in self._exact else self._folded.get(name.casefold())


def _names(text: str, lookup: _Lookup, known: _Lookup) -> Iterable[str]:
    for line in text.removeprefix("\ufeff").splitlines():
        if line.lstrip().startswith("#"):
            continue
        fields = line.split("\t")
        genes = [lookup.find(field.strip()) or known.find(field.strip()) for field in fields[:3]]
        is_gmt = len(genes) == 3 and genes[:2] == [None, None] and genes[2] is not None
        for field in fields[2:] if is_gmt else fields:
            for name in _SEPARATORS.split(field):
                if stripped := name.strip(_QUOTES):
                    yield stripped
