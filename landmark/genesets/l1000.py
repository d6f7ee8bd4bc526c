"""The 978 landmark genes of L1000, and the 943 of them that D-GEX and the paper use.

Sources: Subramanian et al., Cell 171:1437 (2017); Chen et al., Bioinformatics 32:1832 (2016).
"""

from collections.abc import Collection, Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

import pandas as pd

from landmark.errors import BadData
from landmark.genesets.assets import ASSETS
from landmark.genesets.geneset import GeneSet, present_part

Identifier = Literal["symbol", "hgu133a_probe", "entrez", "ensembl"]

_COLUMNS = {
    "symbol": "symbol",
    "hgu133a_probe": "hgu133a_probe",
    "entrez": "entrez_id",
    "ensembl": "ensembl_id",
}


@cache
def _table() -> pd.DataFrame:
    return pd.read_csv(ASSETS / "l1000.csv", dtype=str)


def l1000(identifier: Identifier = "symbol", dgex: bool = False) -> GeneSet:
    """Return the landmark genes under one kind of identifier.

    Parameters
    ----------
    identifier
        ``symbol``, ``hgu133a_probe``, ``entrez`` or ``ensembl``, as a dataset states it.
    dgex
        Keep only the 943 landmark genes that D-GEX, and with it the paper, could match across platforms.

    Raises
    ------
    BadData
        If the genes of a dataset are of a kind that L1000 is not known under.
    """
    if identifier not in _COLUMNS:
        raise BadData(
            "The genes of this dataset have names of no known kind, so the L1000 genes cannot be found among them. "
            "Import it again with a table that gives the gene symbol of every name, or say what kind of names they are."
        )
    table = _table()
    if dgex:
        table = table[table["in_dgex_943"] == "yes"]
    which = "the 943 landmark genes of D-GEX" if dgex else "the 978 landmark genes of L1000"
    return GeneSet("L1000", tuple(table[_COLUMNS[identifier]]), f"{which}, by {identifier}")


@cache
def older_symbols() -> Mapping[str, str]:
    """Map the symbol of a renamed landmark gene to its symbol of 2010."""
    table = _table()
    renamed = table[table["symbol"] != table["symbol_2010"]]
    return MappingProxyType(dict(zip(renamed["symbol"], renamed["symbol_2010"], strict=True)))


def l1000_present(present: Collection[str], identifier: Identifier = "symbol", dgex: bool = False) -> GeneSet:
    """Return the landmark genes that a dataset measures, spelled as in the dataset.

    Former symbols are honoured: a dataset that says CD97 measures the landmark gene ADGRE5.

    Raises
    ------
    BadData
        If the dataset measures no landmark gene, or its identifiers are of another kind.
    """
    older = older_symbols() if identifier == "symbol" else None
    return present_part(l1000(identifier, dgex), present, older, identifier)
