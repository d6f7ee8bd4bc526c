"""Identifiers of human genes: symbols, Entrez, Ensembl, HG-U133A probes; what is known of them, how names are read."""

import gzip
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import compress
from pathlib import Path
from typing import Literal

import pandas as pd

ASSETS = Path(__file__).parents[2] / "assets"


@cache
def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(ASSETS / name, dtype=str, keep_default_na=False)


def _column_of(name: str, key: str, value: str) -> dict[str, str]:
    """Give a column of a table by another one."""
    return dict(zip(_table(name)[key], _table(name)[value], strict=True))


@cache
def probe_symbols() -> dict[str, str]:
    """HG-U133A probes and the symbol of their gene.

    Empty for probes of no gene (Affymetrix controls) and for probes that match several genes: their signal
    belongs to none of them alone.
    """
    known = _column_of("hgu133a_probes.csv.gz", "probe", "symbol")
    return {probe: "" if "|" in symbol else symbol for probe, symbol in known.items()}


@cache
def _genes() -> tuple[list[str], list[str], list[list[str]], list[list[str]]]:
    """Entrez identifier, symbol of today, other symbols and Ensembl identifiers of every gene."""
    text = gzip.decompress((ASSETS / "genes.csv.gz").read_bytes()).decode()
    entrez, symbol, others, ensembl = zip(*(line.split(",") for line in text.splitlines()[1:]), strict=True)
    return list(entrez), list(symbol), _divided(others), _divided(ensembl)


def _divided(joined: tuple[str, ...]) -> list[list[str]]:
    return [parts.split("|") if parts else [] for parts in joined]


@cache
def _probe_genes() -> dict[str, tuple[str, str]]:
    """Symbol by which HG-U133A names a gene, and its probe's Entrez identifier, for probes of one gene."""
    table = _table("hgu133a_probes.csv.gz")
    return {
        probe: (symbol, entrez)
        for probe, symbol, entrez in zip(table["probe"], table["symbol"], table["entrez"], strict=True)
        if entrez and "|" not in symbol and "|" not in entrez
    }


@cache
def entrez_symbols() -> dict[str, str]:
    """Entrez identifiers and symbols: as HG-U133A and L1000 name the genes that they measure, else those of today.

    A symbol of today that is another gene's symbol in those lists is left out: two genes would have one name.
    """
    found = {entrez: symbol for symbol, entrez in _probe_genes().values()}
    found |= _column_of("l1000.csv", "entrez_id", "symbol")
    taken = set(found.values())
    identifiers, symbols_now, _, _ = _genes()
    return found | {
        e: s for e, s in zip(identifiers, symbols_now, strict=True) if e not in found and s not in taken
    }


@cache
def entrez() -> frozenset[str]:
    """All Entrez identifiers known here, also those whose symbol is not."""
    probes = {e for joined in _table("hgu133a_probes.csv.gz")["entrez"] for e in joined.split("|") if e}
    return frozenset(probes.union(entrez_symbols(), _genes()[0]))


@cache
def ensembl_symbols() -> dict[str, str]:
    """Ensembl gene identifiers, without version, and their symbols."""
    found = _column_of("ensembl_symbols.csv.gz", "ensembl", "symbol")
    found |= _column_of("l1000.csv", "ensembl_id", "symbol")
    gene = _ensembl_genes()
    owners: dict[str, set[str]] = {}
    for identifier, symbol in found.items():
        owners.setdefault(symbol, set()).add(gene.get(identifier, ""))
    newer = {
        identifier: symbol
        for entrez_id, symbol, _, identifiers in zip(*_genes(), strict=True)
        if entrez_id in owners.get(symbol, {entrez_id})  # else another gene has that name in the older table
        for identifier in identifiers
    }
    return newer | found


@cache
def _ensembl_genes() -> dict[str, str]:
    """Ensembl gene identifiers, without version, and the Entrez identifier of the gene; the first where several."""
    found: dict[str, str] = {}
    for entrez_id, _, _, identifiers in zip(*_genes(), strict=True):
        for identifier in identifiers:
            found.setdefault(identifier, entrez_id)
    return found | _column_of("l1000.csv", "ensembl_id", "entrez_id")


@cache
def _names() -> tuple[dict[str, str], frozenset[str]]:
    """Return what ``assets/make_names.py`` derives from the tables, which would take a second in every process.

    First the names that mean one gene, as they are spelled and in capitals, with its Entrez identifier; then all gene
    symbols known here, current and former, without aliases.
    """
    _, lines = gzip.decompress((ASSETS / "names.csv.gz").read_bytes()).decode().rstrip().split("\n", 1)
    cells = lines.replace("\n", ",").split(",")  # far sooner than line by line
    names, entrez_ids, kinds = cells[::3], cells[1::3], cells[2::3]
    genes = {name: found for name, found in zip(names, entrez_ids, strict=True) if found}
    return genes, frozenset(compress(names, kinds))


def _symbol_genes() -> dict[str, str]:
    """Symbols and aliases, as they are spelled and in capitals, and the Entrez identifier of the gene."""
    return _names()[0]


def symbols() -> frozenset[str]:
    """All gene symbols known here, current and former; no aliases, which are often a letter and a digit."""
    return _names()[1]


@cache
def _folded_symbols() -> frozenset[str]:
    """The symbols in capitals, those of three letters and more: "c2" and "f3" are rather samples."""
    return frozenset(symbol.upper() for symbol in symbols() if len(symbol) > 2)


@cache
def landmark_symbols() -> frozenset[str]:
    """Current symbols of the 978 L1000 landmark genes."""
    return frozenset(_table("l1000.csv")["symbol"])


def landmark_names(identifier: str) -> list[tuple[str, ...]]:
    """Names that each L1000 gene goes by under one kind of identifier; empty for unknown kinds."""
    columns = {
        "symbol": ["symbol", "symbol_2010"],
        "hgu133a_probe": ["hgu133a_probe"],
        "entrez": ["entrez_id"],
        "ensembl": ["ensembl_id"],
    }
    chosen = columns.get(identifier, [])
    return list(_table("l1000.csv")[chosen].itertuples(index=False, name=None)) if chosen else []


Kind = Literal["symbol", "hgu133a_probe", "entrez", "ensembl"]

KINDS: tuple[Kind, ...] = ("hgu133a_probe", "ensembl", "symbol", "entrez")
"""Where a name is of several kinds, the first of them is meant."""

NAMELESS = frozenset(("", "na", "n/a", "nan", "null", "none", "-", "--", "---", "?", "#n/a", "<na>", "."))
"""What files write where a row has no gene, in small letters."""

ENSEMBL = re.compile(r"(ENSG\d{11})(\.\d+)?(_PAR_Y)?(_at)?", re.IGNORECASE)
_ENTREZ = re.compile(r"(?:LOC|GeneID:|ENTREZ:|NCBI:|hsa:)?([1-9]\d{0,8})(?:\.0+)?", re.IGNORECASE)
_BRAINARRAY = re.compile(r"([1-9]\d{0,8})_at")
_CLONE = re.compile(
    r"[A-Z]{1,2}\d{5,6}\.\d+|(?:RP|CT|XX|KB|LL|LA|GS|hsa|SCA|DA)[A-Z]{0,4}\d*-\w+\.\d+|LOC\d+"
)
"""Names that Ensembl and NCBI give to genes without a symbol: AC012314.7, RP11-34P13.7, LOC100130426."""
_QUOTES = "\"'`\u2018\u2019\u201c\u201d= \t"
_BETWEEN_GENES = re.compile(r"\s*(?:/{2,3}|;)\s*")
_BETWEEN_NAMES = re.compile(r"\s*\|\s*")
_BRACKETS = re.compile(r"(.+?)\s*[(\[]\s*([^()\[\]]+?)\s*[)\]]")
_GENOME = re.compile(r"(?:GRCh\d+|hg\d+)[_-]+(.+)", re.IGNORECASE)
_JOINED = (
    re.compile(r"(ENSG\d{11}(?:\.\d+)?)[_:.-](.+)", re.IGNORECASE),
    re.compile(r"(.+)[_:-](ENSG\d{11}(?:\.\d+)?)", re.IGNORECASE),
    re.compile(r"(\d{3,8}(?:_[a-z]{1,2})?_at)[_:](.+)"),
    re.compile(r"(.+)[_:](\d{3,8}(?:_[a-z]{1,2})?_at)"),
    re.compile(r"(.+)[_:.](\d+)"),
    re.compile(r"(\d+)[_:](.+)"),
)


@dataclass(frozen=True, slots=True)
class GeneName:
    """What a name says."""

    # the part of the name of that kind, as the tables here spell it apart from the case of letters; empty
    # where there is none. Ensembl identifiers without version.
    symbol: str = ""
    hgu133a_probe: str = ""
    entrez: str = ""
    ensembl: str = ""
    kind: Kind | Literal[""] = ""  # the kind that the name leads with; empty where it names no known gene
    genes: int = 0  # number of genes that it lists, as "A /// B" does
    whole: bool = True  # whether all of the name, quotes and blanks apart, is of that kind

    def of(self, kind: str) -> str:
        """Give the part of a kind; empty for kinds that are not known."""
        return str(getattr(self, kind)) if kind in KINDS else ""


UNKNOWN = GeneName()


def is_nameless(name: str) -> bool:
    """Say whether this is how a file marks a row without a gene."""
    return stripped(name).casefold() in NAMELESS


def stripped(name: str) -> str:
    """Take quotes and blanks off both ends."""
    return name.strip(_QUOTES)


def read_name(name: str) -> GeneName:
    """Find what a name says of its gene."""
    plain = stripped(name)
    found = _whole(plain)
    if found.kind:
        return found
    genes = [part for part in _BETWEEN_GENES.split(plain) if part]
    if len(genes) > 1:
        known = [read for read in map(read_name, genes) if read.kind]
        first = known[0] if known else UNKNOWN
        several = len({read.of(read.kind).upper() for read in known})
        return replace(first, genes=several, whole=False)
    names = [part for part in _BETWEEN_NAMES.split(plain) if part]
    if len(names) > 1:
        return _together([read_name(part) for part in names])
    return _of_parts(plain)


def _whole(plain: str) -> GeneName:
    """Read a name that is of one kind as a whole."""
    if plain in probe_symbols():
        return GeneName(hgu133a_probe=plain, kind="hgu133a_probe", genes=1)
    if match := ENSEMBL.fullmatch(plain):
        return GeneName(ensembl=match[1].upper(), kind="ensembl", genes=1)
    if is_symbol(plain):
        return GeneName(symbol=plain, kind="symbol", genes=1)
    if (match := _ENTREZ.fullmatch(plain)) and match[1] in entrez():
        return GeneName(entrez=match[1], kind="entrez", genes=1)
    return UNKNOWN


def is_symbol(name: str) -> bool:
    """Say whether this is a gene symbol, in any case of letters, or what stands for one where there is none."""
    known = name in symbols() or name.upper() in _folded_symbols()
    return known or _CLONE.fullmatch(name) is not None


def _of_parts(plain: str) -> GeneName:
    """Read a name that programs made of one gene's names, or changed so that it fits their rules."""
    if (match := _BRAINARRAY.fullmatch(plain)) and match[1] in entrez():
        return GeneName(entrez=match[1], kind="entrez", genes=1, whole=False)
    if match := _GENOME.fullmatch(plain):
        return replace(read_name(match[1]), whole=False)
    if match := _BRACKETS.fullmatch(plain):
        return _agreeing(match[1], match[2])
    for pattern in _JOINED:
        if match := pattern.fullmatch(plain):
            found = _agreeing(match[1], match[2])
            if found.kind:
                return found
    # R writes X before names that begin with a digit; X1, X2 are what it calls columns without a name
    if re.match(r"X\d+[^\d.]", plain):
        return replace(read_name(plain[1:]), whole=False)
    return UNKNOWN


def _agreeing(first: str, second: str) -> GeneName:
    """Read two names that are joined by a common character, if both mean one gene: "CAT_2" is no gene, "CAT_847" is.

    An Ensembl identifier or a probe cannot be taken for anything else, so the other name need not be known.
    """
    parts = [read_name(first), read_name(second)]
    if any(part.ensembl or part.hgu133a_probe for part in parts):
        return _together(parts)
    genes = {gene_of(part.kind, part.of(part.kind)) for part in parts}
    return _together(parts) if len(genes) == 1 and "" not in genes else UNKNOWN


def _together(parts: list[GeneName]) -> GeneName:
    """Bring together what several names of one gene say; the first that is known leads."""
    known = [part for part in parts if part.kind]
    if not known:
        return UNKNOWN
    found = {kind: next((part.of(kind) for part in known if part.of(kind)), "") for kind in KINDS}
    return GeneName(**found, kind=known[0].kind, genes=1, whole=False)


def gene_of(kind: str, name: str) -> str:
    """Give the Entrez identifier of the gene that a name of a kind means; empty where none, or several, are known."""
    match kind:
        case "entrez":
            return name
        case "ensembl":
            known = _ensembl_genes().get(name, "")
            return known or _symbol_genes().get(ensembl_symbols().get(name, ""), "")
        case "hgu133a_probe":
            return _probe_genes().get(name, ("", ""))[1]
        case "symbol":
            genes = _symbol_genes()
            if match := re.fullmatch(r"LOC(\d+)", name):
                return genes.get(name, match[1])
            return genes.get(name) or genes.get(name.upper(), "")
    return ""


Identifier = Literal["symbol", "hgu133a_probe", "entrez", "ensembl", "unknown"]

TITLES: dict[Identifier, str] = {
    "symbol": "gene symbols",
    "hgu133a_probe": "HG-U133A probes",
    "entrez": "Entrez gene identifiers",
    "ensembl": "Ensembl gene identifiers",
    "unknown": "names of no known kind",
}
AFFYMETRIX = re.compile(r"AFFX-.+|\d{3,8}(_[a-z])?_at|\d{3,8}_[a-z]{1,2}_at")
"""Probes of other Affymetrix arrays: enough to tell genes from samples, not to name the gene."""

RECOGNISED_SHARE = 0.3
"""From this share on, the names are said to be of a kind. Sample names rarely reach 0.05 by chance."""

PROBES_SHARE = 0.05
"""So many probes of HG-U133A from 200000 on are enough where all are probes of Affymetrix: HG-U133 Plus 2 has all of
them among others (0.41 of its probes), and other arrays share only those with smaller numbers."""

BRAINARRAY_SHARE = 0.9
"""From this share of known genes on, names such as 16_at are Entrez identifiers with an ending, as in the custom arrays
of Brainarray; the probes of older arrays look the same and are rarely the number of a gene."""

LOOKED_AT = 100_000  # of longer lists, evenly spaced names stand for all: a million cells would take a minute


@dataclass(frozen=True)
class Recognition:
    """What kind of gene names these are."""

    identifier: Identifier  # the kind most names belong to; ``unknown`` where too few belong to any
    share: float  # share of all names that belong to ``identifier`` (0 for ``unknown``), from 0 to 1
    gene_like: float  # share of names that look like any gene or probe name, also of arrays not known here


def recognise(names: Sequence[str]) -> Recognition:
    """Find the kind of gene names.

    Names that hold several names of one gene, such as "ABCC5|10057", are of the kind that stands first. Plain counters
    (0, 1, 2, ...) are never taken for Entrez identifiers, although many such numbers are.
    """
    if not names or is_counter(names):
        return Recognition("unknown", 0.0, 0.0)
    names = names[:: -(-len(names) // LOOKED_AT)]
    found = _read(tuple(names))
    leading: Counter[Kind] = Counter(name.kind for name in found if name.kind)
    brainarray = sum(name.kind == "entrez" and not name.whole for name in found)
    if brainarray < BRAINARRAY_SHARE * len(names):
        leading["entrez"] -= brainarray
    best = max(KINDS, key=lambda kind: leading[kind])
    share = leading[best] / len(names)
    affymetrix = sum(AFFYMETRIX.fullmatch(name) is not None for name in names) / len(names)
    gene_like = max(share, affymetrix)
    own = sum(name.hgu133a_probe[:6] >= "200000" for name in found if len(name.hgu133a_probe) > 8)
    if own >= PROBES_SHARE * len(names) and affymetrix > 0.5:
        best, share = "hgu133a_probe", leading["hgu133a_probe"] / len(names)
    elif share < RECOGNISED_SHARE:
        return Recognition("unknown", 0.0, gene_like)
    return Recognition(best, share, gene_like)


def shares(names: Sequence[str]) -> dict[Identifier, float]:
    """Give the share of names that belong to each known kind, from 0 to 1; compound names belong to several."""
    found = _read(tuple(names))
    return {kind: sum(bool(name.of(kind)) for name in found) / len(names) if names else 0.0 for kind in KINDS}


@lru_cache(maxsize=4)
def _read(names: tuple[str, ...]) -> tuple[GeneName, ...]:
    """Read names; the same ones are asked for several times while a file is looked at."""
    return tuple(map(read_name, names))


def is_counter(names: Sequence[str]) -> bool:
    """Tell whether the names only count rows, up from 0 or 1."""
    return any(
        names[0] == str(start) and all(name == str(i) for i, name in enumerate(names, start))
        for start in (0, 1)
    )


def symbols_of(names: Sequence[str], identifier: Identifier) -> list[str]:
    """Find the gene symbol of each name of one kind: empty where none is known or several genes share the name.

    Symbols and unknown names are given back as they are; of a compound name the symbol in it.
    """
    match identifier:
        case "hgu133a_probe":
            table = probe_symbols()
        case "entrez":
            table = entrez_symbols()
        case "ensembl":
            table = ensembl_symbols()
        case "symbol":
            return [_own_symbol(name) for name in names]
        case _:
            return list(names)
    return [table.get(read_name(name).of(identifier), "") for name in names]


def _own_symbol(name: str) -> str:
    found = read_name(name)
    return name if found.whole else found.symbol or entrez_symbols().get(found.entrez, name)
