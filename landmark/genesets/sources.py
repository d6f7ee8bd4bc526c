"""Where gene sets come from: L1000, the most variable genes, chance, and the top of a ranking.

L1000 has 978 landmark genes, of which D-GEX and the paper use 943. Sources: Subramanian et al., Cell 171:1437 (2017);
Chen et al., Bioinformatics 32:1832 (2016).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType

import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.genesets.geneset import GeneSet, present_part
from landmark.genesets.gmt import ASSETS
from landmark.training.data import Samples, variances

_COLUMNS = {
    "symbol": "symbol",
    "hgu133a_probe": "hgu133a_probe",
    "entrez": "entrez_id",
    "ensembl": "ensembl_id",
}


@cache
def _table() -> pd.DataFrame:
    return pd.read_csv(ASSETS / "l1000.csv", dtype=str)


def l1000(identifier: str = "symbol", dgex: bool = False) -> GeneSet:
    """Return the landmark genes as a dataset names them: all 978, or the 943 that D-GEX and the paper could match.

    Raises BadData if the genes of a dataset are of a kind that L1000 is not known under.
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


def l1000_present(present: Collection[str], identifier: str = "symbol", dgex: bool = False) -> GeneSet:
    """Return the landmark genes that a dataset measures, spelled as in the dataset.

    Former symbols are honoured: a dataset that says CD97 measures the landmark gene ADGRE5. Raises BadData if the
    dataset measures no landmark gene, or its identifiers are of another kind.
    """
    older = older_symbols() if identifier == "symbol" else None
    return present_part(l1000(identifier, dgex), present, older, identifier)


def most_variable(train: Samples, genes: Sequence[str], size: int) -> GeneSet:
    """Take the genes with the largest variance over training samples [samples, genes], before any scaling per gene."""
    _check(size, len(genes), f"take the {size:,} most variable of {len(genes):,} genes")
    chosen = np.argsort(-variances(train), kind="stable")[:size]
    return GeneSet(f"V{size}", tuple(genes[i] for i in chosen), "largest variance over training samples")


def random_set(genes: Sequence[str], size: int, seed: int) -> GeneSet:
    """Draw genes without replacement, each with the same chance; the draw follows from their order and the seed."""
    _check(size, len(genes), f"draw {size:,} genes from {len(genes):,}")
    chosen = np.random.default_rng(seed).choice(len(genes), size, replace=False)
    return GeneSet(f"random {seed}", tuple(genes[i] for i in chosen), f"drawn at random with seed {seed}")


def random_sets(genes: Sequence[str], size: int, count: int, seed: int = 0) -> Iterator[GeneSet]:
    """Draw ``count`` sets one after another, with the seeds ``seed``, ``seed + 1`` and so on."""
    return (random_set(genes, size, seed + number) for number in range(count))


def top(ranking: pd.DataFrame, size: int, origin: str, name: str = "") -> GeneSet:
    """Take the most important genes of a ranking (gene, rank); by default the name is "D" and their number."""
    _check(size, len(ranking), f"take the top {size:,} genes of a ranking of {len(ranking):,}")
    genes = ranking.sort_values("rank", kind="stable")["gene"].iloc[:size]
    return GeneSet(name or f"D{size}", tuple(genes), origin)


def _check(size: int, there: int, asked: str) -> None:
    if not 1 <= size <= there:
        raise BadData(f"Cannot {asked}. Choose a number from 1 to {there:,}.")
