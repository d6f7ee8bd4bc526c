"""Is this an expression matrix? Each way in which it is not has a message: what, where, how to mend."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from landmark.errors import BadData
from landmark.expression.dates import looks_like_date
from landmark.expression.identifiers import recognise

COLLAPSE = (
    "bring the values of genes of one name together while importing (collapse=mean, or collapse='most variable'), "
    "which leaves out rows without a name"
)
SHOWN = 5
LONGEST_NAME = 1000


def check_matrix(X: np.ndarray, samples: Sequence[str], genes: Sequence[str]) -> None:
    """Check a whole matrix: sizes, names, values.

    Parameters
    ----------
    X
        Expression, [samples, genes].
    samples, genes
        Their names.

    Raises
    ------
    BadData
        At the first thing that is wrong.
    """
    check_sizes(len(samples), len(genes))
    check_names(samples, "sample")
    check_names(genes, "gene")
    check_finite(X, samples, genes)


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


def check_finite(X: np.ndarray, samples: Sequence[str], genes: Sequence[str]) -> None:
    """Refuse missing and infinite values, and say how many there are and where the first one is."""
    # One sum decides for almost all matrices, without a mask as large as the matrix.
    with np.errstate(invalid="ignore", over="ignore"):
        if np.isfinite(X.sum(dtype=np.float64)):
            return
    bad = ~np.isfinite(X)
    count = int(bad.sum())
    if not count:
        return
    row, column = (int(i) for i in np.argwhere(bad)[0])
    raise not_finite(
        count,
        X.size,
        int(bad.any(axis=0).sum()),
        int(bad.any(axis=1).sum()),
        f"{'missing' if np.isnan(X[row, column]) else 'infinite'}: sample {samples[row]!r}, gene {genes[column]!r}",
    )


def not_finite(count: int, values: int, genes: int, samples: int, first: str) -> BadData:
    """Say how many values are missing or infinite, in how many genes and samples, and which is the first."""
    return BadData(
        f"{count:,} of {values:,} values are missing or infinite, in {genes:,} genes and {samples:,} samples; "
        f"the first is {first}. Fill them or remove these genes."
    )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(name if len(name) <= 40 else name[:37] + "..." for name in names[:SHOWN])
    return shown + (", ..." if len(names) > SHOWN else "")
