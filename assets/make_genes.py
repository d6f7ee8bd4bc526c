"""Make genes.csv.gz from a Debian package and the older tables here: ``python assets/make_genes.py``.

Needs apt-get and dpkg-deb of Debian 12, nothing is installed. Written again, the file has the same content.
"""

import csv
import gzip
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

PACKAGE = "r-bioc-org.hs.eg.db"
ANNOTATION = "usr/lib/R/site-library/org.Hs.eg.db/extdata/org.Hs.eg.sqlite"
HERE = Path(__file__).parent
TARGET = HERE / "genes.csv.gz"


def unpacked(folder: Path) -> Path:
    """Fetch the package and unpack it into a folder; return its database."""
    subprocess.run(["apt-get", "download", PACKAGE], cwd=folder, check=True)
    for archive in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "--extract", archive, folder], check=True)
    return folder / ANNOTATION


def rows(name: str) -> Iterator[dict[str, str]]:
    """Read a table of this folder."""
    opened = gzip.open if name.endswith(".gz") else open
    with opened(HERE / name, "rt", encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def former(entrez_of: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Give Entrez identifiers with the symbol that an older table has for the gene."""
    for row in rows("hgu133a_probes.csv.gz"):
        identifiers, symbols = row["entrez"].split("|"), row["symbol"].split("|")
        if len(identifiers) == len(symbols):
            yield from zip(identifiers, symbols, strict=True)
    for row in rows("ensembl_symbols.csv.gz"):
        for entrez in entrez_of.get(row["ensembl"], set()):
            yield entrez, row["symbol"]
    for row in rows("l1000.csv"):
        yield from ((row["entrez_id"], row[column]) for column in ("symbol", "symbol_2010"))


def genes(database: Path) -> list[tuple[str, str, str, str]]:
    """Return entrez, symbol, other symbols and Ensembl identifiers of every gene, by number.

    Regions that are no genes are left out, and genes named by nothing but their number. Another symbol is kept only
    where it means one gene: a symbol that older tables agree on, else an alias that a single gene has; never one
    that is the symbol of another gene today.
    """
    with closing(sqlite3.connect(database)) as known:
        listed = known.execute(
            "SELECT gene_id, symbol FROM genes JOIN gene_info USING (_id) JOIN genetype USING (_id) "
            "WHERE gene_type != 'biological-region' ORDER BY CAST(gene_id AS INTEGER)"
        ).fetchall()
        aliases = known.execute("SELECT gene_id, alias_symbol FROM genes JOIN alias USING (_id)").fetchall()
        ensembl = known.execute("SELECT gene_id, ensembl_id FROM genes JOIN ensembl USING (_id)").fetchall()
    by_gene, by_ensembl = defaultdict(set), defaultdict(set)
    for entrez, identifier in ensembl:
        by_gene[entrez].add(identifier)
        by_ensembl[identifier].add(entrez)
    current = {symbol for _, symbol in listed}
    older, alias = defaultdict(set), defaultdict(set)
    for entrez, symbol in former(by_ensembl):
        older[symbol].add(entrez)
    for entrez, symbol in aliases:
        alias[symbol].add(entrez)
    others = defaultdict(set)
    for symbol in (older.keys() | alias.keys()) - current:
        meant = older.get(symbol) or alias[symbol]
        if symbol and len(meant) == 1 and not set(symbol) & set(',|"'):
            others[next(iter(meant))].add(symbol)
    return [
        (entrez, symbol, "|".join(sorted(others[entrez])), "|".join(sorted(by_gene[entrez])))
        for entrez, symbol in listed
        if symbol != f"LOC{entrez}" or by_gene[entrez]
    ]


def main() -> None:
    """Write the file."""
    with TemporaryDirectory() as folder:
        found = genes(unpacked(Path(folder)))
    text = "".join(",".join(row) + "\n" for row in [("entrez", "symbol", "others", "ensembl"), *found])
    # no time stamp: the same content is the same file
    TARGET.write_bytes(gzip.compress(text.encode(), mtime=0))
    sys.stdout.write(f"{len(found):,} genes in {TARGET}\n")


if __name__ == "__main__":
    main()
