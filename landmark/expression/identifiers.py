"""Recognise what kind of name the genes carry, and find their symbols."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from landmark.expression import annotation
from landmark.expression.gene_name import KINDS, GeneName, Kind, read_name

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

LOOKED_AT = 100_000
"""Of longer lists, evenly spaced names stand for all: a million cells would take a minute."""


@dataclass(frozen=True)
class Recognition:
    """What kind of gene names these are.

    Attributes
    ----------
    identifier
        The kind most names belong to; ``unknown`` where too few belong to any.
    share
        Share of all names that belong to ``identifier`` (0 for ``unknown``), from 0 to 1.
    gene_like
        Share of names that look like any gene or probe name, also of arrays not known here.
    """

    identifier: Identifier
    share: float
    gene_like: float


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
    """Find the gene symbol of each name.

    Parameters
    ----------
    names
        Gene names of one kind.
    identifier
        Their kind.

    Returns
    -------
    list of str
        A symbol per name, empty where none is known or several genes share the name. Symbols and unknown names are
        given back as they are; of a compound name the symbol in it.
    """
    match identifier:
        case "hgu133a_probe":
            table = annotation.probe_symbols()
        case "entrez":
            table = annotation.entrez_symbols()
        case "ensembl":
            table = annotation.ensembl_symbols()
        case "symbol":
            return [_own_symbol(name) for name in names]
        case _:
            return list(names)
    return [table.get(read_name(name).of(identifier), "") for name in names]


def _own_symbol(name: str) -> str:
    found = read_name(name)
    return name if found.whole else found.symbol or annotation.entrez_symbols().get(found.entrez, name)
