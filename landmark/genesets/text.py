"""A list of genes as people paste it, and what became of each name."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from landmark.data import gene_identifiers
from landmark.data.gene_identifiers import gene_of, read_name, recognise, stripped
from landmark.data.gene_index import GeneIndex, index_of
from landmark.data.io.files import MEGABYTE, Limits, limits, source
from landmark.data.io.text import encoding_of, is_text
from landmark.errors import BadData
from landmark.genesets.geneset import GeneSet
from landmark.genesets.gmt import molecular_functions, unweighted
from landmark.genesets.sources import l1000, older_symbols

MOST_BYTES = 10 * MEGABYTE
"""Of a list of genes; all genes there are take less than 1 MB."""

_SEPARATORS = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Triage:
    """What became of each name of a list.

    ``used`` are genes of the dataset that were named, spelled as in the dataset, in the order of the list; ``absent``
    names of genes that exist but are not in the dataset; ``unknown`` names that are no gene we know of: typing errors,
    other identifiers, headings. ``duplicated`` came again after their first time.
    """

    used: tuple[str, ...]
    absent: tuple[str, ...]
    unknown: tuple[str, ...]
    duplicated: tuple[str, ...]

    def gene_set(self, name: str, origin: str) -> GeneSet:
        """Make a gene set of the used genes; BadData if none of the names is in the dataset."""
        if not self.used:
            raise BadData(
                f"The list {name!r} has no gene of this dataset: {len(self.absent):,} known but not measured "
                f"here, {len(self.unknown):,} unknown. Check that the list and the dataset use the same kind of "
                f"identifier."
            )
        return GeneSet(name, self.used, origin)


def triage(
    text: str, present: Collection[str], known: Collection[str] | None = None, identifier: str | None = None
) -> Triage:
    """Read a pasted or uploaded list and sort its names by the genes ``present`` in the dataset and those ``known``.

    Names may stand in lines, columns, or between commas, semicolons, tabs or blanks, with or without quotes. A line of
    a GMT file is recognised by its tabs and by its third field being the first that is a gene; its name and
    description are dropped. Lines that begin with # are comments, and a number behind a name is its weight. Genes are
    found whatever name the list has for them (``GeneIndex``); all columns of the dataset that measure a gene are
    taken. Where other names stand beside them, numbers are not taken for Entrez identifiers. The kind of the dataset's
    names is found where ``identifier`` is None.
    """
    present = tuple(present)
    kind_of_names = recognise(present).identifier if identifier is None else identifier
    index = index_of(present, kind_of_names)
    known_lookup = _Lookup(known_names(kind_of_names) if known is None else known)
    names = list(_names(text, index, known_lookup))
    numbers_too = kind_of_names == "entrez" or all(map(_is_number, names))

    def exists(name: str) -> bool:
        if known is not None or (_is_number(name) and not numbers_too):
            return False
        return bool(read_name(name).kind or gene_of("symbol", name))

    used: dict[str, None] = {}
    absent: dict[str, None] = {}
    unknown: dict[str, None] = {}
    duplicated: dict[str, None] = {}
    for name in names:
        genes = index.find_all(name) if numbers_too or not _is_number(name) else ()
        if genes:
            kind, keys = used, genes
        elif (gene := known_lookup.find(name)) is not None:
            kind, keys = absent, (gene,)
        else:
            kind, keys = (absent if exists(name) else unknown), (name,)
        if all(key in kind for key in keys):
            duplicated[keys[0]] = None
        kind.update(dict.fromkeys(keys))
    return Triage(tuple(used), tuple(absent), tuple(unknown), tuple(duplicated))


def read_list(path: Path, within: Limits | None = None) -> str:
    """Read a file with a list of genes, in UTF-8, UTF-16 or Latin-1, packed or not; BadData if it is no such file."""
    allowed = within or limits()
    file = source(path, replace(allowed, unpacked_bytes=min(allowed.unpacked_bytes, MOST_BYTES)))
    head = file.head()
    if not is_text(head):
        raise BadData(f"{path.name} is not a text file. Give a text file with gene names.")
    with file.open() as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadData(f"{path.name} is larger than {MOST_BYTES // MEGABYTE} MB: it is no list of genes.")
    return decoded(data)


def decoded(data: bytes) -> str:
    """Turn the bytes of an uploaded list into text, whatever encoding it was saved in."""
    return data.decode(encoding_of(data), errors="replace")


@cache
def known_symbols() -> frozenset[str]:
    """Return the gene symbols of GO molecular function and of L1000, former ones too."""
    names = {gene for gene_set in molecular_functions() for gene in gene_set.genes}
    return frozenset(names.union(l1000().genes, older_symbols().values()))


@cache
def known_names(identifier: str) -> frozenset[str]:
    """Return all names of genes that are known here: symbols, and those of the kind that a dataset uses."""
    own: dict[str, Callable[[], Collection[str]]] = {
        "hgu133a_probe": gene_identifiers.probe_symbols,
        "entrez": gene_identifiers.entrez,
        "ensembl": gene_identifiers.ensembl_symbols,
    }
    return (
        known_symbols()
        | gene_identifiers.symbols()
        | frozenset(own[identifier]() if identifier in own else ())
    )


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


def _is_number(name: str) -> bool:
    return name.replace(".", "", 1).isdecimal()


def _names(text: str, index: GeneIndex, known: _Lookup) -> Iterable[str]:
    for line in text.removeprefix("\ufeff").splitlines():
        if line.lstrip().startswith("#"):
            continue
        fields = line.split("\t")
        genes = [bool(index.find(field) or known.find(field)) for field in map(unweighted, fields[:3])]
        is_gmt = genes == [False, False, True]
        for field in fields[2:] if is_gmt else fields:
            if field in index:  # its names may have blanks or commas inside
                yield field
                continue
            for name in _SEPARATORS.split(unweighted(stripped(field))):
                if stripped_name := stripped(name):
                    yield stripped_name
