"""Recognise what kind of name the genes carry, and find their symbols."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from landmark.expression import annotation

Identifier = Literal["symbol", "hgu133a_probe", "entrez", "ensembl", "unknown"]

TITLES: dict[Identifier, str] = {
    "symbol": "gene symbols",
    "hgu133a_probe": "HG-U133A probes",
    "entrez": "Entrez gene identifiers",
    "ensembl": "Ensembl gene identifiers",
    "unknown": "names of no known kind",
}
ENSEMBL = re.compile(r"(ENSG\d{11})(\.\d+)?(_PAR_Y)?")
AFFYMETRIX = re.compile(r"AFFX-.+|\d{3,8}(_[a-z])?_at|\d{3,8}_[a-z]{1,2}_at")
"""Probes of other Affymetrix arrays: enough to tell genes from samples, not to name the gene."""

RECOGNISED_SHARE = 0.3
"""From this share on, the names are said to be of a kind. Sample names rarely reach 0.05 by chance."""

_KINDS: dict[Identifier, Callable[[str], bool]] = {
    "hgu133a_probe": lambda name: name in annotation.probe_symbols(),
    "ensembl": lambda name: ENSEMBL.fullmatch(name) is not None,
    "entrez": lambda name: name in annotation.entrez(),
    "symbol": lambda name: name in annotation.symbols(),
}


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

    Plain counters (0, 1, 2, ...) are never taken for Entrez identifiers, although many such numbers are.
    """
    if not names or is_counter(names):
        return Recognition("unknown", 0.0, 0.0)
    found = shares(names)
    best = max(found, key=lambda kind: found[kind])
    share = found[best]
    other_arrays = sum(AFFYMETRIX.fullmatch(name) is not None for name in names) / len(names)
    gene_like = max(share, other_arrays)
    if share < RECOGNISED_SHARE or share < other_arrays / 2:
        return Recognition("unknown", 0.0, gene_like)
    return Recognition(best, share, gene_like)


def shares(names: Sequence[str]) -> dict[Identifier, float]:
    """Give the share of names that belong to each known kind, from 0 to 1."""
    return {kind: sum(map(belongs, names)) / len(names) if names else 0.0 for kind, belongs in _KINDS.items()}


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
        A symbol per name, empty where none is known or several genes share the name. Symbols and unknown
        names are given back as they are.
    """
    match identifier:
        case "hgu133a_probe":
            table = annotation.probe_symbols()
        case "entrez":
            table = annotation.entrez_symbols()
        case "ensembl":
            known = annotation.ensembl_symbols()
            bare = (ENSEMBL.fullmatch(name) for name in names)
            return [known.get(match[1], "") if match else "" for match in bare]
        case _:
            return list(names)
    return [table.get(name, "") for name in names]


def landmarks_present(names: Sequence[str], identifier: Identifier) -> int:
    """Count the L1000 landmark genes among gene names of one kind; current and former symbols both count."""
    present = set(names)
    if identifier == "ensembl":
        present = {name.split(".")[0] for name in present}
    return sum(not present.isdisjoint(alternatives) for alternatives in annotation.landmark_names(identifier))
