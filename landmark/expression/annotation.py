"""The small tables under assets/ that say which probe, Entrez or Ensembl identifier belongs to which gene."""

from functools import cache
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
def entrez_symbols() -> dict[str, str]:
    """Entrez identifiers and symbols of the genes that HG-U133A measures and of the L1000 genes."""
    table = _table("hgu133a_probes.csv.gz")
    found: dict[str, str] = {}
    for identifiers, symbols in zip(
        table["entrez"].str.split("|"), table["symbol"].str.split("|"), strict=True
    ):
        if len(identifiers) == len(symbols) == 1 and identifiers[0]:
            found[identifiers[0]] = symbols[0]
    landmarks = _table("l1000.csv")
    return found | dict(zip(landmarks["entrez_id"], landmarks["symbol"], strict=True))


@cache
def entrez() -> frozenset[str]:
    """All Entrez identifiers known here, also those whose symbol is not."""
    probes = {e for joined in _table("hgu133a_probes.csv.gz")["entrez"] for e in joined.split("|") if e}
    return frozenset(probes | set(entrez_symbols()))


@cache
def ensembl_symbols() -> dict[str, str]:
    """Ensembl gene identifiers, without version, and their symbols."""
    table = _table("ensembl_symbols.csv.gz")
    landmarks = _table("l1000.csv")
    return dict(zip(table["ensembl"], table["symbol"], strict=True)) | dict(
        zip(landmarks["ensembl_id"], landmarks["symbol"], strict=True)
    )


@cache
def symbols() -> frozenset[str]:
    """All gene symbols known here, current and former."""
    probes = {s for joined in _table("hgu133a_probes.csv.gz")["symbol"] for s in joined.split("|") if s}
    landmarks = _table("l1000.csv")
    return frozenset(
        probes | set(ensembl_symbols().values()) | set(landmarks["symbol"]) | set(landmarks["symbol_2010"])
    )


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
