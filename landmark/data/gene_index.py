"""Genes looked up by any of their names, also those that a spreadsheet has turned into dates."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import cached_property, lru_cache

from landmark.data import gene_identifiers
from landmark.data.gene_identifiers import KINDS, GeneName, gene_of, is_symbol, read_name, stripped
from landmark.wording import listed


class GeneIndex:
    """Finds the gene of a dataset that a name means, and gives the dataset's own name for it.

    The name as it is goes first, then the same in another case of letters, with another Ensembl version or
    beside other names of the gene ("ABCC5|10057"), then any other name of that gene: a former symbol or alias
    that means one gene only, or an identifier of another kind. Where the identifier is ``unknown``, only the
    names as they are and other case are understood.
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
        for alternatives in gene_identifiers.landmark_names(identifier)
    )


# fmt: off
MONTHS = {
    1: "jan januar january janvier enero gennaio ene gen",
    2: "feb februar february fév févr février febrero febbraio fev",
    3: "mar mär mrz märz march mars marzo mrt maart",
    4: "apr april avr avril abr abril aprile",
    5: "may mai maj mayo maggio mag",
    6: "jun juni june juin junio giugno giu",
    7: "jul juli july juil juillet julio luglio lug",
    8: "aug august août aout ago agosto",
    9: "sep sept september septembre septiembre set settembre setembro",
    10: "oct okt oktober october octobre octubre ott ottobre out",
    11: "nov november novembre noviembre",
    12: "dec dez dezember december déc décembre dic diciembre dicembre dezembro",
}
# fmt: on
"""Names of the months as spreadsheets write them in English, German, French, Spanish, Italian, Portuguese and Dutch."""

_MONTH = {word: month for month, words in MONTHS.items() for word in words.split()}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_DAY_MONTH = re.compile(rf"(\d{{1,2}})\.?[-/ ]*({_NAMES})\.?(?:[-/ ]+\d{{2,4}})?", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"({_NAMES})\.?[-/ ]+(\d{{1,2}})", re.IGNORECASE)
_ISO = re.compile(r"\d{4}([-/.])(\d{1,2})\1(\d{1,2})(?:[T ]00:00(?::00)?)?")
_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(?:\d{4}|\d{2})")
_SERIAL = re.compile(r"\d{5}(?:\.0)?")
_SERIALS = range(33_000, 55_000)  # days since 1899-12-30, as spreadsheets count them: 1990 to 2050

GENES: dict[tuple[int, int], tuple[str, ...]] = {
    **{(9, number): (f"SEPTIN{number}",) for number in (*range(1, 13), 14)},
    (9, 15): ("SELENOF",),
    **{
        (3, number): (f"MARCHF{number}", f"MTARC{number}")[: 2 if number < 3 else 1]
        for number in range(1, 12)
    },
    (12, 1): ("DELEC1",),
}
"""Month and day, and the genes whose symbols were such until 2020: SEPT1, SEP15, MARCH1 and MARC1, DEC1."""

FORMER = {"SEPTIN": "SEPT", "MARCHF": "MARCH", "MTARC": "MARC", "SELENOF": "SEP15", "DELEC": "DEC"}


def readings(name: str) -> list[tuple[int, int]]:
    """Read a name as a date: month and day, two readings of 02/03/2021, none where it is no date."""
    if match := _DAY_MONTH.fullmatch(name):
        found = [(_MONTH[match[2].lower()], int(match[1]))]
    elif match := _MONTH_DAY.fullmatch(name):
        found = [(_MONTH[match[1].lower()], int(match[2]))]
    elif match := _ISO.fullmatch(name):
        found = [(int(match[2]), int(match[3]))]
    elif match := _NUMBERS.fullmatch(name):
        one, other = int(match[1]), int(match[3])
        found = list(dict.fromkeys([(one, other), (other, one)]))
    else:
        return []
    return [(month, day) for month, day in found if 1 <= month <= 12 and 1 <= day <= 31]


def mend(names: Sequence[str], symbols: bool) -> tuple[list[str], frozenset[str], str]:
    """Find dates among gene names and put the symbols back, where the names are known to be symbols.

    Otherwise dates are only said, and five digits are no date. Beside all names: those that are still dates, and a
    note for people, empty where nothing looks like a date.
    """
    found = {name: days for name in names if (days := readings(name.strip())) and not is_symbol(name)}
    if symbols:
        found |= {name: [day] for name in names if (day := _serial(name)) in GENES and day}
    if not found:
        return list(names), frozenset(), ""
    times = Counter(names)
    index = GeneIndex([name for name in names if name not in found], "symbol")
    meant = {name: [gene for day in days for gene in GENES.get(day, ())] for name, days in found.items()}
    claimed: Counter[str] = Counter()
    for name, genes in meant.items():
        claimed.update(dict.fromkeys(genes, times[name]))
    back = {
        name: genes[0]
        for name, genes in meant.items()
        if symbols and len(genes) == 1 and claimed[genes[0]] == 1 and index.find(genes[0]) is None
    }
    unclear = frozenset(found) - back.keys()
    return [back.get(name, name) for name in names], unclear, _note(found, back, meant, times)


def looks_like_date(name: str) -> bool:
    """Say whether a name looks as a spreadsheet shows a date."""
    return bool(readings(name.strip()))


def _serial(name: str) -> tuple[int, int] | None:
    if not _SERIAL.fullmatch(name) or int(name[:5]) not in _SERIALS:
        return None
    day = date(1899, 12, 30) + timedelta(days=int(name[:5]))
    return day.month, day.day


def _former(gene: str) -> str:
    return next(gene.replace(now, then) for now, then in FORMER.items() if gene.startswith(now))


def _note(
    found: dict[str, list[tuple[int, int]]],
    back: dict[str, str],
    meant: dict[str, list[str]],
    times: Counter[str],
) -> str:
    """Say in a few sentences what looks like a date, and what became of it."""
    count = sum(times[name] for name in found)
    looks = "gene name looks like a date" if count == 1 else "gene names look like dates"
    parts = [
        f"{count:,} {looks}, into which spreadsheets turn symbols such as SEPT2 ({listed(list(found))})."
    ]
    if back:
        named = [f"{name} is {gene} (formerly {_former(gene)})" for name, gene in back.items()]
        parts.append(f"Put back: {listed(named)}.")
    left = [name for name in found if name not in back]
    if left:
        told = [f"{name} ({' or '.join(meant[name]) or 'no known gene'})" for name in left]
        parts.append(
            f"Left as they are, because the gene is not clear: {listed(told)}. Correct them in the file."
        )
    return " ".join(parts)
