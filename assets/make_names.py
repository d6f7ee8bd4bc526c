"""Make names.csv.gz from the other tables here: ``python assets/make_names.py``.

What it holds follows from them; it is kept because each process that meets gene names would need a second to derive it.
"""

import gzip
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from landmark.data.gene_identifiers import (  # noqa: E402
    _genes,
    _probe_genes,
    _table,
    ensembl_symbols,
)

TARGET = HERE / "names.csv.gz"


def main() -> None:
    """Write one line per name, in order: the name, the Entrez identifier of its gene, 1 where it is a symbol."""
    genes, symbols = genes_of_names(), all_symbols()
    lines = [
        f"{name},{genes.get(name, '')},{'1' if name in symbols else ''}"
        for name in sorted(genes.keys() | symbols)
    ]
    text = "\n".join(["name,entrez,symbol", *lines]) + "\n"
    TARGET.write_bytes(gzip.compress(text.encode(), mtime=0))


def genes_of_names() -> dict[str, str]:
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
        ((name, entrez_id) for names, entrez_id in zip(others, identifiers, strict=True) for name in names),
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


def all_symbols() -> frozenset[str]:
    """All gene symbols, current and former; no aliases."""
    probes = {s for joined in _table("hgu133a_probes.csv.gz")["symbol"] for s in joined.split("|") if s}
    landmarks = _table("l1000.csv")
    known = probes.union(
        _genes()[1], ensembl_symbols().values(), landmarks["symbol"], landmarks["symbol_2010"]
    )
    return frozenset(known)


if __name__ == "__main__":
    main()
