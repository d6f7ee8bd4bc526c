"""GMT files: one gene set per line, as name, description and genes, separated by tabs."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from landmark.data.gene_identifiers import stripped
from landmark.data.io.files import MEGABYTE, Limits, limits, source
from landmark.data.io.text import is_text, lines_of
from landmark.errors import BadData
from landmark.genesets.geneset import GeneSet

ASSETS = Path(__file__).parents[2] / "assets"


MOST_BYTES, MOST_IN_A_LINE = 100 * MEGABYTE, 4 * MEGABYTE
"""Of the text, whatever it was packed to. The largest public collections have about 40 MB, lines below 1 MB."""

MOST_GENES = 5_000_000
"""In all sets of a file together."""

MOST_SETS = 200_000
"""In a file. The largest public collections have some 50,000; many small sets take far more memory than their text."""

_WEIGHTED = re.compile(r"(.+?)[,;:]\s*[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?")
"""A gene with its weight, as Enrichr's fuzzy sets have it: "TP53,1.0"."""


def read_gmt(path: Path, within: Limits | None = None) -> list[GeneSet]:
    """Read the gene sets of a GMT file in UTF-8, UTF-16 or Latin-1, which may be packed with gzip, xz, bzip2 or zip.

    A gene that a line names twice is kept once. Lines that are empty, are comments (#) or name no gene are passed
    over; quotes and weights are taken off. Limits on size are those of this machine if not given. Raises BadData if a
    line is no gene set, two lines have one name, the file is not text, is damaged or holds too much.
    """
    allowed = within or limits()
    allowed = replace(
        allowed,
        unpacked_bytes=min(allowed.unpacked_bytes, MOST_BYTES),
        line_bytes=min(allowed.line_bytes, MOST_IN_A_LINE),
    )
    file = source(path, allowed)
    if not is_text(file.head()):
        raise BadData(f"{path.name} is not a text file. A GMT file has one gene set per line.")
    with lines_of(file) as lines:
        return parse_gmt(lines, path.name)


def parse_gmt(lines: Iterable[str], source: str) -> list[GeneSet]:
    """Read gene sets from lines of GMT; ``source`` names the lines in errors and origins."""
    sets: dict[str, GeneSet] = {}
    held = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        fields = [stripped(field) for field in line.split("\t")]
        name, description, *rest = [*fields, ""]
        if len(fields) < 2 or not name:
            raise BadData(
                f"Line {number} of {source} is not a gene set. "
                f"Each line of a GMT file is a name, a description and genes, separated by tabs."
            )
        genes = tuple(dict.fromkeys(gene for gene in map(unweighted, rest) if gene))
        if not genes:
            continue
        if name in sets:
            raise BadData(
                f"Line {number} of {source} names the gene set {name!r} a second time. Rename one of them."
            )
        if len(sets) == MOST_SETS:
            raise BadData(
                f"{source} holds more than {MOST_SETS:,} gene sets. Give a file with fewer of them."
            )
        held += len(genes)
        if held > MOST_GENES:
            raise BadData(
                f"{source} names more than {MOST_GENES:,} genes in its sets. Give a file with fewer sets."
            )
        sets[name] = GeneSet(name, genes, description or source)
    return list(sets.values())


def unweighted(field: str) -> str:
    """Take the weight off a gene, if it has one."""
    match = _WEIGHTED.fullmatch(field)
    return stripped(match[1]) if match else field


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
