"""A valid matrix in any legal dialect of text tables comes back equal, or is refused in a sentence."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from landmark.data import read
from landmark.errors import BadData

SYMBOLS = [
    "TP53", "EGFR", "MYC", "GAPDH", "ACTB", "BRCA1", "KRAS", "PTEN", "AKT1", "CDK4", "RB1", "JUN", "FOS", "VEGFA",
]  # fmt: skip


@dataclass(frozen=True)
class Dialect:
    """How a table is written."""

    separator: str
    decimal: str
    thousands: bool
    quoting: int
    corner: bool
    header_end: int
    row_end: int
    above: str
    blank_lines: bool
    line_end: str
    encoding: str
    described: bool
    genes_first: bool
    digits: int


dialects = st.builds(
    Dialect,
    separator=st.sampled_from("\t,;| "),
    decimal=st.sampled_from(".,"),
    thousands=st.booleans(),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    corner=st.booleans(),
    header_end=st.integers(0, 2),
    row_end=st.integers(0, 2),
    above=st.sampled_from(
        [
            "",
            "# made by a program\n",
            "#a\n#b, c\n",
            "! note\tsomething\n",
            "// x\n",
            "Table S1. Values\n\n",
            "%\n",
        ]
    ),
    blank_lines=st.booleans(),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    described=st.booleans(),
    genes_first=st.booleans(),
    digits=st.integers(0, 4),
)


def matrix(samples: int, genes: int, scale: float, missing: bool, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    values = random.gamma(2.0, scale, (samples, genes))
    if missing:
        values[random.random(values.shape) < 0.05] = np.nan
    return pd.DataFrame(values, [f"Zürich {i}" for i in range(samples)], SYMBOLS[:genes])


def text_of(table: pd.DataFrame, how: Dialect) -> str:
    """Write a table; values have at most ``digits`` decimals, as spreadsheets drop zeros at the end."""

    def field(value: float) -> str:
        if np.isnan(value):
            return "NA"
        text = f"{value:{',' if how.thousands else ''}.{how.digits}f}"
        text = text.rstrip("0").rstrip(".") if how.digits else text
        return text.translate(str.maketrans(",.", ".,")) if how.decimal == "," else text

    shown = table.T if how.genes_first else table
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=how.separator, quoting=how.quoting, lineterminator="\n")  # type: ignore[arg-type]
    names = [*(["remark"] if how.described else []), *shown.columns]
    writer.writerow([*(["name"] if how.corner else []), *names, *[""] * how.header_end])
    for number, (name, row) in enumerate(zip(shown.index, shown.to_numpy(), strict=True)):
        remark = [f"the {number}th; x, 5"] if how.described else []
        writer.writerow([name, *remark, *map(field, row), *[""] * how.row_end])
    lines = (
        buffer.getvalue().replace('""', "").splitlines() if how.quoting else buffer.getvalue().splitlines()
    )
    return how.above + "\n".join(lines).replace("\n", "\n\n" if how.blank_lines else "\n") + "\n"


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    how=dialects,
    samples=st.integers(3, 8),
    genes=st.integers(4, 14),
    scale=st.sampled_from([4.0, 300.0, 5e4, 2e6]),
    missing=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_a_matrix_comes_back_or_is_refused(
    tmp_path: Path, how: Dialect, samples: int, genes: int, scale: float, missing: bool, seed: int
) -> None:
    table = matrix(samples, genes, scale, missing, seed).round(how.digits)
    text = text_of(table, how)
    # "1.194" throughout is read with a decimal point, as all the world's programs do.
    assume(how.decimal == "." or not how.thousands or bool((table % 1 > 0).any(axis=None)))
    path = tmp_path / "m.txt"
    with path.open("w", encoding=how.encoding, newline="") as file:
        file.write(text.replace("\n", how.line_end))
    try:
        found = read(path, missing="gene median")
    except BadData:
        return
    assert found.obs_names.tolist() == table.index.tolist()
    assert found.var_names.tolist() == table.columns.tolist()
    expected = table.fillna(table.median()).to_numpy(np.float32)
    np.testing.assert_allclose(found.X, expected, rtol=1e-5)
