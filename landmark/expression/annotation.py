"""The small tables under assets/ that say which probe, symbol, Entrez or Ensembl identifier belongs to which gene.

All are read when they are first needed. The gene itself is known by its Entrez identifier.
"""

import gzip
from functools import cache
from itertools import chain
from pathlib import Path

import pandas as pd

ASSETS = Path(__file__).parents[2] / "assets"


@cache
def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(ASSETS / name, dtype=str, keep_default_na=False)


@cache
def probe_symbols() -> dict[str, str]:
    """HG-U133A probes and the symbol of their gene.

    Empty for probes of no gene (Affymetrix controls) and for probes that match several genes: their signal
    belongs to none of them alone.
    """
    table = _table("hgu133a_probes.csv.gz")
    return {p: "" if "|" in s else s for p, s in zip(table["probe"], table["symbol"], strict=True)}


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
    landmarks = _table("l1000.csv")
    found |= dict(zip(landmarks["entrez_id"], landmarks["symbol"], strict=True))
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
    table = _table("ensembl_symbols.csv.gz")
    landmarks = _table("l1000.csv")
    found = dict(zip(table["ensembl"], table["symbol"], strict=True)) | dict(
        zip(landmarks["ensembl_id"], landmarks["symbol"], strict=True)
    )
    gene = ensembl_genes()
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
def ensembl_genes() -> dict[str, str]:
    """Ensembl gene identifiers, without version, and the Entrez identifier of the gene; the first where several."""
    found: dict[str, str] = {}
    for entrez_id, _, _, identifiers in zip(*_genes(), strict=True):
        for identifier in identifiers:
            found.setdefault(identifier, entrez_id)
    landmarks = _table("l1000.csv")
    return found | dict(zip(landmarks["ensembl_id"], landmarks["entrez_id"], strict=True))


@cache
def probe_genes() -> dict[str, str]:
    """HG-U133A probes of a single gene and its Entrez identifier."""
    return {probe: entrez_id for probe, (_, entrez_id) in _probe_genes().items()}


@cache
def symbol_genes() -> dict[str, str]:
    """Symbols, as they are spelled and in capitals, and the Entrez identifier of the gene.

    The symbols of today go before those of L1000 and of HG-U133A, and those before other former symbols and aliases.
    None is here that means several genes.
    """
    identifiers, symbols_now, others, _ = _genes()
    landmarks = _table("l1000.csv")
    sources = [
        zip(symbols_now, identifiers, strict=True),
        zip(landmarks["symbol"], landmarks["entrez_id"], strict=True),
        zip(landmarks["symbol_2010"], landmarks["entrez_id"], strict=True),
        _probe_genes().values(),
        chain.from_iterable(
            ((name, e) for name in names) for names, e in zip(others, identifiers, strict=True)
        ),
    ]
    found: dict[str, str] = {}
    for source in sources:
        here: dict[str, set[str]] = {}
        for name, entrez_id in source:
            for spelled in {name, name.upper()}:
                here.setdefault(spelled, set()).add(entrez_id)
        # an ambiguous name is not left to a lesser source
        found = {name: next(iter(e)) if len(e) == 1 else "" for name, e in here.items()} | found
    return {name: entrez_id for name, entrez_id in found.items() if name and entrez_id}


@cache
def symbols() -> frozenset[str]:
    """All gene symbols known here, current and former; no aliases, which are often a letter and a digit."""
    probes = {s for joined in _table("hgu133a_probes.csv.gz")["symbol"] for s in joined.split("|") if s}
    landmarks = _table("l1000.csv")
    return frozenset(
        probes.union(_genes()[1], ensembl_symbols().values(), landmarks["symbol"], landmarks["symbol_2010"])
    )


@cache
def folded_symbols() -> frozenset[str]:
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
