"""One CSV file of histone counts, read line by line: what is no number in its place is named with its line.

The layout is that of the published files: no header, one line per bin of a gene, with gene, bin from 1 to 100, the
counts of the five marks, and the gene's label.
"""

import io
from pathlib import Path

import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.expression.histones.marks import BINS, MARKS
from landmark.expression.limits import Limits, limits

COLUMNS = ("gene", "bin", *MARKS, "label")
LONGEST_LINE = 10_000
_NUMBERS = COLUMNS[1:]


def read_table(path: Path, within: Limits | None = None) -> pd.DataFrame:
    """Read the lines of a file; row i is line i + 1.

    Parameters
    ----------
    path
        The file.
    within
        Limits on size; those of this machine if not given.

    Returns
    -------
    DataFrame
        Columns ``COLUMNS``: gene as text, all others float64 and finite.

    Raises
    ------
    BadData
        The file is empty, not text, too large, or a line has not eight fields with numbers in their places; the
        message names file, gene and line.
    """
    content = _content(path, within or limits())
    try:
        table = pd.read_csv(
            io.BytesIO(content),
            header=None,
            dtype={0: str},
            na_filter=False,
            skip_blank_lines=False,
            quoting=3,
            encoding="utf-8-sig",
            low_memory=False,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError):
        return _line_by_line(path, content)
    numbers = table.iloc[:, 1:]
    sound = (
        table.shape[1] == len(COLUMNS)
        and all(kind.kind in "iuf" for kind in numbers.dtypes)
        and np.isfinite(numbers.to_numpy()).all()
        and not table[0].map(_bare).eq("").any()
    )
    if not sound:
        return _line_by_line(path, content)
    table.columns = pd.Index(COLUMNS)
    return table.astype(dict.fromkeys(_NUMBERS, np.float64)).assign(gene=table["gene"].map(_bare))


def _content(path: Path, within: Limits) -> bytes:
    if path.stat().st_size > within.unpacked_bytes:
        raise BadData(
            f"{path.name} has {path.stat().st_size / 1e6:,.0f} MB; at most {within.unpacked_bytes / 1e6:,.0f} MB are "
            "read. If the file is sound, raise LANDMARK_MAX_UPLOAD_MB."
        )
    content = path.read_bytes().rstrip()
    if not content:
        raise BadData(f"{path.name} is empty; it should have {BINS} lines per gene.")
    first = content[: LONGEST_LINE + 1].split(b"\n", 1)[0]
    if len(first) > LONGEST_LINE or b"\0" in first:
        raise BadData(f"{path.name} is not a text file of histone counts: its first line cannot be read.")
    return content


def _line_by_line(path: Path, content: bytes) -> pd.DataFrame:
    """Read slowly, so that the first line at fault can be named."""
    rows = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        try:
            fields = [_bare(field) for field in line.decode("utf-8-sig").split(",")]
        except UnicodeDecodeError:
            raise BadData(
                f"{path.name}, line {number}, is not plain text. Save the file as CSV in UTF-8."
            ) from None
        rows.append((fields[0], *_numbers(path, number, fields)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _numbers(path: Path, line: int, fields: list[str]) -> list[float]:
    if fields == [""]:
        raise BadData(f"{path.name}, line {line}, is empty; remove it.")
    gene = f"gene {fields[0]}" if fields[0] else "a gene without a name"
    if not fields[0]:
        raise BadData(f"{path.name}, line {line}, has no gene in its first column.")
    if len(fields) != len(COLUMNS):
        raise BadData(
            f"{path.name}, {gene}, line {line}: {len(fields)} columns where {len(COLUMNS)} are needed: gene, bin, "
            f"counts of the {len(MARKS)} marks, label."
        )
    found = []
    for name, field in zip(_NUMBERS, fields[1:], strict=True):
        number = _number(field)
        if number is None:
            header = " Remove the line if it is a header." if line == 1 else ""
            raise BadData(
                f"{path.name}, {gene}, line {line}: {field[:40]!r} in the column {name} is not a number.{header}"
            )
        found.append(number)
    return found


def _bare(field: str) -> str:
    """Take the quotes off that R and spreadsheets write around text."""
    plain = field.strip()
    return plain[1:-1].strip() if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "\"'" else plain


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) and "_" not in text else None
