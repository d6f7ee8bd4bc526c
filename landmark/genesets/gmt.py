"""GMT files: one gene set per line, as name, description and genes, separated by tabs."""

import gzip
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from landmark.errors import BadData
from landmark.genesets.assets import ASSETS
from landmark.genesets.geneset import GeneSet


def read_gmt(path: Path) -> list[GeneSet]:
    """Read the gene sets of a GMT file, which may be compressed by gzip.

    A gene that a line names twice is kept once; lines without text are passed over.

    Raises
    ------
    BadData
        If a line lacks a name or genes, two lines have one name, or the file is not text.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            return parse_gmt(lines, path.name)
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as error:
        raise BadData(f"{path.name} is not a text file. A GMT file has one gene set per line.") from error


def parse_gmt(lines: Iterable[str], source: str) -> list[GeneSet]:
    """Read gene sets from lines of GMT; ``source`` names the lines in errors and origins."""
    sets: dict[str, GeneSet] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        name, *rest = (field.strip() for field in line.rstrip("\r\n").split("\t"))
        genes = tuple(dict.fromkeys(gene for gene in rest[1:] if gene))
        if not name or not genes:
            raise BadData(
                f"Line {number} of {source} is not a gene set. "
                f"Each line of a GMT file is a name, a description and genes, separated by tabs."
            )
        if name in sets:
            raise BadData(
                f"Line {number} of {source} names the gene set {name!r} a second time. Rename one of them."
            )
        sets[name] = GeneSet(name, genes, rest[0] or source)
    return list(sets.values())


def write_gmt(sets: Iterable[GeneSet]) -> str:
    """Return the text of a GMT file; the origin of a set becomes its description."""
    return "".join(
        "\t".join([_field(gene_set.name), _field(gene_set.origin), *gene_set.genes]) + "\n"
        for gene_set in sets
    )


@cache
def molecular_functions() -> tuple[GeneSet, ...]:
    """Return the gene sets of GO molecular function, by gene symbol."""
    return tuple(read_gmt(ASSETS / "go_molecular_function.gmt.gz"))


def _field(text: str) -> str:
    return " ".join(text.split())
