"""Make go_molecular_function.gmt.gz from two Debian packages: ``python assets/make_go_molecular_function.py``.

Needs apt-get and dpkg-deb of Debian 12, nothing is installed. Written again, the file has the same content.
"""

import gzip
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

PACKAGES = ("r-bioc-org.hs.eg.db", "r-bioc-go.db")
ANNOTATION = "usr/lib/R/site-library/org.Hs.eg.db/extdata/org.Hs.eg.sqlite"
ONTOLOGY = "usr/lib/R/site-library/GO.db/extdata/GO.sqlite"
TARGET = Path(__file__).parent / "go_molecular_function.gmt.gz"

SMALLEST, LARGEST = 5, 2000
"""Smaller terms cannot be enriched, larger ones say little."""


def unpacked(folder: Path) -> Path:
    """Fetch the packages and unpack them into a folder."""
    for package in PACKAGES:
        subprocess.run(["apt-get", "download", package], cwd=folder, check=True)
    for archive in sorted(folder.glob("*.deb")):
        subprocess.run(["dpkg-deb", "--extract", archive, folder], check=True)
    return folder


def terms(folder: Path) -> dict[str, list[str]]:
    """Return the genes of every term, those of its descendants too, by "name (GO:...)", in order of identifier."""
    with closing(sqlite3.connect(folder / ONTOLOGY)) as ontology:
        names = dict(ontology.execute("SELECT go_id, term FROM go_term WHERE ontology = 'MF'"))
    with closing(sqlite3.connect(folder / ANNOTATION)) as annotation:
        # go_mf_all holds a gene under its terms and under all their ancestors
        rows = annotation.execute(
            "SELECT DISTINCT go_id, symbol FROM go_mf_all JOIN gene_info USING (_id) ORDER BY go_id, symbol"
        ).fetchall()
    genes: dict[str, list[str]] = {}
    for term, symbol in rows:
        if term in names:
            genes.setdefault(f"{names[term]} ({term})", []).append(symbol)
    return {name: found for name, found in genes.items() if SMALLEST <= len(found) <= LARGEST}


def main() -> None:
    """Write the file."""
    with TemporaryDirectory() as folder:
        found = terms(unpacked(Path(folder)))
    text = "".join("\t".join([name, "", *genes]) + "\n" for name, genes in found.items())
    # no time stamp: the same content is the same file
    TARGET.write_bytes(gzip.compress(text.encode(), mtime=0))
    sys.stdout.write(f"{len(found):,} terms in {TARGET}\n")


if __name__ == "__main__":
    main()
