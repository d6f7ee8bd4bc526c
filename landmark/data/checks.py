"""Checks of the sizes and names of an expression matrix; each message says what is wrong, where, and how to mend it."""

import re
from collections import Counter
from collections.abc import Sequence

from landmark.data.gene_identifiers import recognise
from landmark.data.gene_index import looks_like_date
from landmark.errors import BadData

COLLAPSE = (
    "bring the values of genes of one name together while importing (collapse=mean, or collapse='most variable'), "
    "which leaves out rows without a name"
)
SHOWN = 5
LONGEST_NAME = 1000


def check_sizes(samples: int, genes: int) -> None:
    """Refuse a matrix without anything to learn from: fewer than two samples or two genes."""
    if not samples or not genes:
        raise BadData(f"The matrix holds no values: {samples:,} samples and {genes:,} genes were found.")
    if samples == 1:
        raise BadData("The matrix holds a single sample. At least two are needed; hundreds make sense.")
    if genes == 1:
        raise BadData(
            "The matrix holds a single gene. At least two are needed; if there are more in the file, its "
            "columns are perhaps separated by an unusual character: save it with tabs or commas."
        )


def check_names(names: Sequence[str], kind: str) -> None:
    """Refuse names that are missing, are values, or occur twice; ``kind`` is "sample" or "gene"."""
    missing = sum(not name.strip() for name in names)
    if missing:
        message = f"{missing:,} of {len(names):,} {kind} names are empty. Name every {kind} in the file."
        raise BadData(f"{message} Or {COLLAPSE}." if kind == "gene" else message)
    if looks_like_values(names) and not (kind == "gene" and recognise(names).identifier == "entrez"):
        raise BadData(
            f"Where {kind} names are expected there are values ({_listed(names)}). The first row and the "
            "first column must hold names."
        )
    longest = max(names, key=len)
    if len(longest) > LONGEST_NAME:
        raise BadData(
            f"A {kind} name has {len(longest):,} characters ({_listed([longest])}); at most {LONGEST_NAME:,} make "
            "sense. The file is perhaps damaged."
        )
    counts = Counter(names)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        occur = f"{kind} names occur" if len(twice) > 1 else f"{kind} name occurs"
        message = f"{len(twice):,} {occur} more than once ({_listed(twice)}). Make them unique, or keep one of each."
        if kind == "gene":
            message += f" Or {COLLAPSE}."
        if any(map(looks_like_date, twice)):
            message += " Some look like gene symbols that a spreadsheet has turned into dates."
        raise BadData(message)


def looks_like_values(names: Sequence[str]) -> bool:
    """Tell whether most names are decimal numbers, as when a file has no header."""
    decimal = sum(
        bool(re.fullmatch(r"[-+]?\d*[.,]\d+([eE][-+]?\d+)?|[-+]?\d+[eE][-+]?\d+", name)) for name in names
    )
    return 2 * decimal > len(names)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(name if len(name) <= 40 else name[:37] + "..." for name in names[:SHOWN])
    return shown + (", ..." if len(names) > SHOWN else "")
