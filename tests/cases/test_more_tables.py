"""Further tables of the kinds that people have met with."""

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from landmark.data import read
from landmark.data.history import history
from landmark.data.sample_metadata import join, read_annotations
from landmark.data.sources.preview import preview
from landmark.epigenome.reading import read_genes
from landmark.errors import BadData
from tests.cases.tables import lines, notes, same
from tests.data.make import GENES, adata, frame, gct_text, write


@pytest.mark.parametrize("mark", ["\ufeff", '"', "'"])
def test_histones_quoted_otherwise(tmp_path: Path, mark: str) -> None:
    quote = "" if mark == "\ufeff" else mark
    lines = [
        ",".join(f"{quote}{field}{quote}" for field in (gene, bin_, 1, 0, 2, 0, 3, 1))
        for gene in ("G1", "G2")
        for bin_ in range(1, 101)
    ]
    path = write(tmp_path / "h.csv", (mark if not quote else "") + "\n".join(lines) + "\n")
    assert read_genes(path).names.tolist() == ["G1", "G2"]
    assert read_genes(path).counts[0, 0].tolist() == [1, 0, 2, 0, 3]


@pytest.mark.parametrize("separator", ["\t", ";", ",", "|"])
@pytest.mark.parametrize("corner", [True, False])
@pytest.mark.parametrize(("header_end", "row_end"), [(0, 1), (1, 1), (0, 2), (2, 2), (1, 2)])
@pytest.mark.parametrize("turned", [True, False])
def test_separators_at_the_end(
    tmp_path: Path, separator: str, corner: bool, header_end: int, row_end: int, turned: bool
) -> None:
    table = frame()
    text = lines(table.T if turned else table, separator, separator * header_end, separator * row_end, corner)
    if not corner and header_end and row_end != header_end:  # the last column may be one without a name
        with pytest.raises(BadData, match="names are empty"):
            read(write(tmp_path / "m.txt", text))
        return
    same(read(write(tmp_path / "m.txt", text)), table)


def test_separators_at_the_end_of_most_rows(tmp_path: Path) -> None:
    for corner in (True, False):
        header, *rows = lines(frame().T, ",", corner=corner).splitlines()
        rows = [row + "," * (i % 4 > 0) for i, row in enumerate(rows)]
        same(read(write(tmp_path / "m.csv", "\n".join([header, *rows]))), frame())


def test_a_value_without_a_column_is_refused_with_its_line(tmp_path: Path) -> None:
    names = [f"G{i}" for i in range(300)]
    rows = lines(frame(4, names).T, "\t", "", "\t").splitlines()
    rows[250] += "7"
    with pytest.raises(BadData, match=r"Line 251 of m.tsv has 6 fields where 5"):
        read(write(tmp_path / "m.tsv", "\n".join(rows)))
    hidden = frame(4, names).T.astype(object)
    hidden.insert(2, "", "")
    hidden.iloc[200, 2] = "7"
    with pytest.raises(
        BadData, match=r"Column 4 of m.tsv has no name, but values, the first in the row 'G200'"
    ):
        read(write(tmp_path / "m.tsv", hidden.to_csv(sep="\t")))


def test_empty_columns_anywhere(tmp_path: Path) -> None:
    shown = frame().T.reset_index().astype(object)
    shown.insert(3, "", "")
    shown.insert(0, " ", "")
    matrix = same(read(write(tmp_path / "m.csv", shown.to_csv(index=False))), frame())
    assert "Columns without a name and without values are left out: 2." in notes(matrix)


@pytest.mark.parametrize("separator", ["\t", ","])
@pytest.mark.parametrize("corner", [True, False])
@pytest.mark.parametrize(
    "above",
    [
        "#a\n#b\n",
        "Title\n\n",
        "Title, with a comma\n",
        "//x\n!y\tz\n",
        ",,Control,,,Treated\n",
        "Table S1,,,,,\n",
    ],
)
def test_lines_above_the_header(tmp_path: Path, above: str, separator: str, corner: bool) -> None:
    path = write(tmp_path / "m.txt", above + lines(frame().T, separator, corner=corner))
    assert "above the header left out" in notes(same(read(path), frame()))


def test_a_header_may_stand_in_a_comment(tmp_path: Path) -> None:
    text = "#gene" + lines(frame().T, "\t")
    same(read(write(tmp_path / "m.txt", "# by a program\n" + text)), frame())


def test_lines_are_numbered_as_in_the_file(tmp_path: Path) -> None:
    text = "# c\n\n\nTitle\n" + lines(frame().T, "\t").replace("\n", "\n\n")
    with pytest.raises(BadData, match=r"'two' in row 'X' \(line 23\)"):
        read(write(tmp_path / "m.tsv", text + "X\t1\ttwo\t3\t4\t5\n"))


def test_workbooks_with_explanations(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Values of our study"])
    book.active.append(["Column", "Meaning"])
    book.active.append(["gene", "its symbol"])
    sheet = book.create_sheet("values")
    sheet.append([None, "Table 1", None])
    sheet.append([])
    sheet.append([None, None, *frame().index])
    for gene, row in frame().T.iterrows():
        sheet.append([None, gene, *map(float, row)])
    book.save(tmp_path / "m.xlsx")
    assert "'values' is read" in notes(same(read(tmp_path / "m.xlsx"), frame()))


def _written(values: pd.DataFrame, write_one: str, separator: str = "\t") -> str:
    """Write numbers: "," groups thousands by commas, "." is the German way, " " and "'" their signs, "g" 4 digits."""

    def text(value: float) -> str:
        if write_one == "g":
            return f"{value:.4g}".replace(".", ",")
        german = write_one == "."
        plain = f"{value:,.1f}" if german else f"{value:,.0f}"
        return plain.translate(str.maketrans(",.", ".,")) if german else plain.replace(",", write_one)

    return values.map(text).T.to_csv(sep=separator)


@pytest.mark.parametrize("separator", ["\t", ",", ";"])
@pytest.mark.parametrize("sign", [",", ".", " ", "'", "\u00a0", "g"])
def test_thousands_of_all_kinds(tmp_path: Path, sign: str, separator: str) -> None:
    values = (frame() * 1000).round().astype(float)
    values.iloc[0, 0] = 988
    if sign == "g":
        values = frame().astype(float).map(lambda value: float(f"{value:.4g}"))
    same(read(write(tmp_path / "m.txt", _written(values, sign, separator))), values)


def test_thousands_far_down(tmp_path: Path) -> None:
    values = pd.DataFrame(
        np.random.default_rng(0).integers(1, 900, (4, 300)).astype(float),
        [f"S{i}" for i in range(4)],
        [f"G{i}" for i in range(300)],
    )
    values.iloc[0, 250] = 12345
    same(read(write(tmp_path / "m.tsv", _written(values, ","))), values)
    late = _written(values.replace(12345, 5), ",").replace("\nG260\t", "\nG260\t1,5\t2\t3\t4\nG260b\t")
    assert read(write(tmp_path / "m.tsv", late)).to_df().loc["S0", "G260"] == 1.5


@pytest.mark.parametrize("separator", ["\t", ","])
def test_what_cannot_be_decided_is_refused(tmp_path: Path, separator: str) -> None:
    values = (frame() * 1000).round().astype(float)
    with pytest.raises(BadData, match="nothing in it shows whether the comma is a thousands separator"):
        read(write(tmp_path / "m.txt", _written(values, ",", separator)))
    values.iloc[0, 0] = 988
    points = _written(values, ",", separator="\t").replace(",", ".")
    with pytest.raises(BadData, match="whether the point is a thousands separator"):
        read(write(tmp_path / "m.txt", points))
    gct = gct_text(frame()).replace(".", ",")
    same(read(write(tmp_path / "m.gct", gct.replace("#1,2", "#1.2"))), frame())


def test_contradictions_are_refused_with_their_line(tmp_path: Path) -> None:
    values = (frame() * 1e5).round().astype(float)
    text = _written(values, ",").replace("\nPTEN\t", "\nX\t6,65\t2\t3\t4\t5\nPTEN\t")
    with pytest.raises(BadData, match=r"'6,65' in row 'X' \(line 9\).* commas group thousands"):
        read(write(tmp_path / "m.tsv", text.replace("1,100,658", "1,100,658")))


@pytest.mark.parametrize("field", ["ND", "<0.1", "12%", "n.d.", "#VALUE!", "-", "."])
def test_a_column_meant_as_numbers_is_no_annotation(tmp_path: Path, field: str) -> None:
    table = frame().T.astype(object)
    table["S2"] = field
    with pytest.raises(BadData, match="column 'S2'"):
        read(write(tmp_path / "m.tsv", table.to_csv(sep="\t")))


def test_facts_about_genes(tmp_path: Path) -> None:
    table = frame().T
    table.insert(0, "Gene ID", [7157, 1956, 4609, 2597, 60, 672, 3845, 5728])
    table.insert(1, "Gene.Length", range(1000, 1008))
    table["logFC"] = table["adj.P.Val"] = 0.5
    table["EntrezGeneID"] = table["id"] = table["Gene ID"]
    matrix = same(read(write(tmp_path / "m.tsv", table.to_csv(sep="\t"))), frame())
    assert {"Gene ID", "Gene.Length", "logFC", "adj.P.Val", "EntrezGeneID", "id"} == set(matrix.var)
    counts = (frame() * 10).round().T
    counts.columns = ["A", "B1", "ctrl", "x", "y"]
    same(read(write(tmp_path / "c.tsv", counts.to_csv(sep="\t"))), counts.T)


def test_facts_about_samples(tmp_path: Path) -> None:
    table = frame()
    table.insert(0, "age", [40, 41, np.nan, 43, 44])
    table.insert(1, "OS_MONTHS", 1.5)
    table["vitalStatus"] = table["days_to_death"] = 3
    for turned in (False, True):
        matrix = read(write(tmp_path / "m.tsv", (table.T if turned else table).to_csv(sep="\t")))
        same(matrix, frame())
        assert {"age", "OS_MONTHS", "vitalStatus", "days_to_death"} == set(matrix.obs)
        assert matrix.obs["age"].isna().tolist() == [False, False, True, False, False]


@pytest.mark.parametrize(
    "footers",
    [["N_unmapped", "N_noFeature"], ["no_feature", "not_aligned"], ["Total"], ["Unassigned_Ambiguity"]],
)
def test_footers_of_counters(tmp_path: Path, footers: list[str]) -> None:
    table = frame().T
    for name in footers:
        table.loc[name] = 7.0
    assert footers[0] in notes(same(read(write(tmp_path / "m.tsv", table.to_csv(sep="\t"))), frame()))


@pytest.mark.parametrize("name", ["NA", "---", "#N/A"])
def test_genes_called_missing(tmp_path: Path, name: str) -> None:
    shown = frame().T
    shown = pd.concat([shown, shown.iloc[:2].set_axis([name, name])])
    assert "Values of no named gene are left out: 2" in notes(
        same(read(write(tmp_path / "m.tsv", shown.to_csv(sep="\t"))), frame())
    )


def test_quotes_in_descriptions(tmp_path: Path) -> None:
    table = frame().T
    remarks = ['5" long', '"open', '"cis" form', "", 'a ""b', '"', "plain", '"quoted"']
    table.insert(0, "remark", remarks)
    text = "\n".join(
        ["\t".join(["", *table.columns]), *("\t".join(map(str, row)) for row in table.itertuples())]
    )
    matrix = same(read(write(tmp_path / "m.tsv", text)), frame())
    assert matrix.var["remark"].tolist() == [*remarks[:7], "quoted"]


def test_line_breaks_in_cells(tmp_path: Path) -> None:
    table = frame(70, GENES)
    table.insert(0, "remark", ["first\nsecond, third", 'an inch: 5"'] * 35)
    for separator in "\t,;":
        matrix = read(write(tmp_path / "m.txt", table.to_csv(sep=separator)))
        same(matrix, frame(70, GENES))
        assert matrix.obs["remark"].tolist()[:2] == ["first second, third", 'an inch: 5"']


def test_western_letters_far_down(tmp_path: Path) -> None:
    rows = [f"G{i}\t1.5\t2.5\t3.5" for i in range(30_000)]
    text = "\n".join(["gene\tS1\tS2\tS3", *rows, "Glück\t1\t2\t3"]) + "\n"
    for encoding in ("cp1252", "utf-8"):
        assert read(write(tmp_path / "m.tsv", text.encode(encoding))).var_names[-1] == "Glück"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("s,age\nS1,NaN\nS2,40\nS3,null\nS4,N/A\nS5,41\n", [None, 40, None, None, 41]),
        ("s,t\nS1,NA\nS2,a\nS3,--\nS4,#N/A\nS5,None\n", [None, "a", None, None, "None"]),
        ("s;dose;\nS1;0,5;\nS2;1,5;\nS3;NA;\nS4;2;\nS5;1e-3;\n", [0.5, 1.5, None, 2, 0.001]),
        (
            "Clinical data\n\ns\tid\nS1\t007\nS2\t010\nS3\t100\nS4\t\nS5\t999\n",
            ["007", "010", "100", None, "999"],
        ),
        ("s,age\nS1,40,\nS2,41,\nS3,42,\nS4,43,\nS5,44,\n", [40, 41, 42, 43, 44]),
        ("age\nS1,40,\nS2,41,\nS3,42,\nS4,43,\nS5,44,\n", [40, 41, 42, 43, 44]),
        ('s,t\nS1,"a\nb, c"\nS2,d\nS3,e\nS4,f\nS5,"5"" g"\n', ["a b, c", "d", "e", "f", '5" g']),
        ("s   t\nS1  a\nS2  b\nS3  c\nS4  d\nS5  e\n", ["a", "b", "c", "d", "e"]),
    ],
)
def test_annotations_of_all_kinds(tmp_path: Path, text: str, expected: list[object]) -> None:
    matrix = adata()
    join(matrix, read_annotations(write(tmp_path / "a.csv", text)))
    (column,) = matrix.obs
    assert [None if pd.isna(value) else value for value in matrix.obs[column]] == expected


def test_genes_without_any_value_are_dropped_with_either_choice(tmp_path: Path) -> None:
    table = frame()
    table.iloc[:, 0] = np.nan
    table.iloc[0] = -np.inf
    path = write(tmp_path / "m.csv", table.to_csv())
    with pytest.raises(BadData, match=r"Every gene has missing or infinite values.*Fill them"):
        read(path, missing="drop genes")
    filled = read(path, missing="gene median")
    assert filled.var_names.tolist() == GENES[1:]
    assert np.isfinite(filled.X).all()
    assert (history(filled)[-1]["values_filled"], history(filled)[-1]["genes_dropped"]) == (7, 1)
    assert preview(path).propose_missing == "gene median"
