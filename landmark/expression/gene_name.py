"""What one name says of its gene: names as files have them, such as "ABCC5|10057", "16_at" or ENSG00000141510.11.

A name that is whole a symbol, probe or identifier is taken whole, whatever characters it has (HLA-A, NKX2-1, Y_RNA).
Only what is left is divided, at the marks that databases and programs put between several names of one gene.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

from landmark.expression import annotation

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
    """What a name says.

    Attributes
    ----------
    symbol, hgu133a_probe, entrez, ensembl
        The part of the name of that kind, as the tables here spell it apart from the case of letters; empty where
        there is none. Ensembl identifiers without version.
    kind
        The kind that the name leads with; empty where it names no known gene.
    genes
        Number of genes that it lists, as "A /// B" does.
    whole
        Whether all of the name, quotes and blanks apart, is of that kind.
    """

    symbol: str = ""
    hgu133a_probe: str = ""
    entrez: str = ""
    ensembl: str = ""
    kind: Kind | Literal[""] = ""
    genes: int = 0
    whole: bool = True

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
        return GeneName(
            first.symbol, first.hgu133a_probe, first.entrez, first.ensembl, first.kind, several, False
        )
    names = [part for part in _BETWEEN_NAMES.split(plain) if part]
    if len(names) > 1:
        return _together([read_name(part) for part in names])
    return _of_parts(plain)


def _whole(plain: str) -> GeneName:
    """Read a name that is of one kind as a whole."""
    if plain in annotation.probe_symbols():
        return GeneName(hgu133a_probe=plain, kind="hgu133a_probe", genes=1)
    if match := ENSEMBL.fullmatch(plain):
        return GeneName(ensembl=match[1].upper(), kind="ensembl", genes=1)
    if is_symbol(plain):
        return GeneName(symbol=plain, kind="symbol", genes=1)
    if (match := _ENTREZ.fullmatch(plain)) and match[1] in annotation.entrez():
        return GeneName(entrez=match[1], kind="entrez", genes=1)
    return UNKNOWN


def is_symbol(name: str) -> bool:
    """Say whether this is a gene symbol, in any case of letters, or what stands for one where there is none."""
    known = name in annotation.symbols() or name.upper() in annotation.folded_symbols()
    return known or _CLONE.fullmatch(name) is not None


def _of_parts(plain: str) -> GeneName:
    """Read a name that programs made of one gene's names, or changed so that it fits their rules."""
    if (match := _BRAINARRAY.fullmatch(plain)) and match[1] in annotation.entrez():
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
            known = annotation.ensembl_genes().get(name, "")
            return known or annotation.symbol_genes().get(annotation.ensembl_symbols().get(name, ""), "")
        case "hgu133a_probe":
            return annotation.probe_genes().get(name, "")
        case "symbol":
            genes = annotation.symbol_genes()
            if match := re.fullmatch(r"LOC(\d+)", name):
                return genes.get(name, match[1])
            return genes.get(name) or genes.get(name.upper(), "")
    return ""
