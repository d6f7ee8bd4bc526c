"""How GEO writes values: quotes that are not doubled, line breaks, two channels, words for what is missing."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from landmark.data import read
from landmark.data.history import fact, history
from landmark.errors import BadData
from tests.data.make import frame, write
from tests.data.test_other_formats import series_matrix, soft


def _described(*lines: list[str], ends: str = "\n", channel: int = 1) -> bytes:
    """A series matrix whose samples have these characteristics."""
    text = series_matrix(frame())
    said = "".join(
        "\t".join([f"!Sample_characteristics_ch{channel}", *(f'"{value}"' for value in line)]) + "\n"
        for line in lines
    )
    return (
        text.replace("!series_matrix_table_begin", said + "!series_matrix_table_begin")
        .replace("\n", ends)
        .encode()
    )


@pytest.mark.parametrize(
    ("values", "name", "expected"),
    [
        (['dish: 5"', "dish: 6", 'dish: 7"', "dish: 8", 'dish: 9"'], "dish", ['5"', "6", '7"', "8", '9"']),
        (['note: "so called" x', "note: b", "note: c", "note: d", "note: e"], "note", ['"so called" x', *"bcde"]),
        (["note: a\nb", "note: c", "note: d\r\n\r\ne", "note: f", "note: g\n"], "note", ["a b", "c", "d e", "f", "g"]),
        (["stage: II\r", "stage: I\r", "stage: II", "stage: I", "stage: II\r"], "stage", ["II", "I", "II", "I", "II"]),
        (["note: one, two; three", "note: x", "note: x", "note: x", "note: y"], "note", ["one, two; three", *"xxxy"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_values_of_geo(tmp_path: Path, values: list[str], name: str, expected: list[str], ends: str) -> None:
    matrix = read(write(tmp_path / "m.txt", _described(values, ["kind: p"] * 5, ends=ends)))
    assert matrix.obs[name].tolist() == expected
    assert matrix.obs["kind"].tolist() == ["p"] * 5
    assert np.array_equal(matrix.X, frame().to_numpy())


@pytest.mark.parametrize("word", ["NA", "N/A", "--", "---", "nan", "null", "n/a", "", " NA "])
def test_what_is_not_known_is_missing(tmp_path: Path, word: str) -> None:
    values = ["grade: 1", f"grade: {word}", "grade: 3", "grade: 2", f"grade: {word}"]
    obs = read(write(tmp_path / "m.txt", _described(values))).obs
    assert obs["grade"].isna().tolist() == [False, True, False, False, True]


def test_a_control_without_treatment_is_known(tmp_path: Path) -> None:
    values = ["treatment: None", "treatment: drug", "treatment: None", "treatment: drug", "mutation: -"]
    assert read(write(tmp_path / "m.txt", _described(values))).obs["treatment"].tolist()[:2] == [
        "None",
        "drug",
    ]


def test_a_characteristic_of_both_channels(tmp_path: Path) -> None:
    first = _described(["tissue: pool"] * 5)
    second = _described(["tissue: lung", "tissue: skin", *["tissue: lung"] * 3], channel=2).decode()
    line = next(line for line in second.splitlines() if "ch2" in line)
    both = first.replace(b"!series_matrix_table_begin", line.encode() + b"\n!series_matrix_table_begin")
    obs = read(write(tmp_path / "m.txt", both)).obs
    assert obs["tissue"].str.endswith("pool").all()
    assert obs["tissue (ch2)"].tolist()[:2] == ["lung", "skin"]


def test_soft_keeps_both_channels_and_carriage_returns(tmp_path: Path) -> None:
    text = soft(frame()).replace(
        "!sample_table_begin",
        "!Sample_source_name_ch2 = tumour\r\n!Sample_characteristics_ch2 = stage: II\r\r\n!sample_table_begin",
    )
    obs = read(write(tmp_path / "m.soft", text)).obs
    assert obs["source_name_ch2"].tolist() == ["tumour"] * 5
    assert obs["stage"].tolist() == ["II"] * 5


def _without(text: str, sample: str, gene: str) -> str:
    head, begin, rest = text.partition(f"^SAMPLE = {sample}\n")
    at = rest.index(f"{gene}\t")
    return head + begin + rest[:at] + rest[rest.index("\n", at) + 1 :]


@pytest.mark.parametrize("sample", ["S1", "S3"])
def test_probes_of_all_samples_are_kept(tmp_path: Path, sample: str) -> None:
    path = write(tmp_path / "m.soft", _without(soft(frame()), sample, "MYC"))
    matrix = read(path, missing="gene median")
    assert set(matrix.var_names) == set(frame().columns)
    assert np.array_equal(matrix[:, list(frame().columns)].X[1], frame().to_numpy()[1])
    others = frame()["MYC"].drop(sample)
    assert matrix[sample, "MYC"].X.item() == pytest.approx(others.median())
    assert f"({sample})" in " ".join(history(matrix)[0]["notes"])
    with pytest.raises(BadData, match="missing"):
        read(path)


@pytest.mark.parametrize("sample", ["S1", "S5"])
def test_a_repeated_probe_is_never_overwritten(tmp_path: Path, sample: str) -> None:
    head, begin, rest = soft(frame()).partition(f"^SAMPLE = {sample}\n")
    text = head + begin + rest.replace("EGFR\tP\t", "EGFR\tP\t99\nEGFR\tP\t", 1)
    with pytest.raises(BadData, match=rf"Sample {sample} .* more than one value of 1 probes, such as 'EGFR'"):
        read(write(tmp_path / "m.soft", text))


def gds(table: pd.DataFrame, more: dict[str, list[str]] | None = None) -> str:
    """A GEO DataSet as GEO writes it; samples of ``table`` in rows."""
    names = [f"GSM{i + 1}" for i in range(len(table))]
    half = len(names) // 2
    text = "^DATABASE = Geo\n!Database_name = GEO\n^DATASET = GDS1\n!dataset_title = Two groups\n"
    for number, (state, members) in enumerate({"tumour": names[:half], "normal": names[half:]}.items()):
        text += f"^SUBSET = GDS1_{number}\n!subset_dataset_id = GDS1\n!subset_description = {state}\n"
        text += f"!subset_sample_id = {','.join(members)}\n!subset_type = disease state\n"
    text += "^DATASET = GDS1\n#ID_REF = Platform reference identifier\n#IDENTIFIER = identifier\n"
    text += "".join(
        f"#{name} = Value for {name}: patient {i}; src: lung tissue\n" for i, name in enumerate(names)
    )
    more = more or {}
    text += "!dataset_table_begin\n" + "\t".join(["ID_REF", "IDENTIFIER", *names, *more]) + "\n"
    for i, gene in enumerate(table):
        facts = [column[i] for column in more.values()]
        text += "\t".join([gene, gene.lower(), *map(str, table[gene]), *facts]) + "\n"
    return text + "!dataset_table_end\n"


@pytest.mark.parametrize("name", ["GDS1.soft", "GDS1_full.soft.gz"])
def test_geo_dataset(tmp_path: Path, name: str) -> None:
    more = {"Gene title": [f"title {i}" for i in range(8)], "Chromosome": list("12345678")}
    matrix = read(write(tmp_path / name, gds(frame(), more if "full" in name else None)))
    assert np.array_equal(matrix.X, frame().to_numpy())
    assert matrix.obs["disease state"].tolist() == ["tumour"] * 2 + ["normal"] * 3
    assert matrix.obs["title"].tolist()[1] == "patient 1"
    assert matrix.obs["source_name"].unique().tolist() == ["lung tissue"]
    assert (fact(matrix, "title"), fact(matrix, "source")) == ("Two groups", "GEO GDS1")
    assert ("Gene title" in matrix.var) == ("full" in name)


def test_geo_dataset_with_missing_values(tmp_path: Path) -> None:
    text = gds(frame()).replace(f"egfr\t{frame()['EGFR'].iloc[0]}", "egfr\tnull")
    matrix = read(write(tmp_path / "m.soft", text), missing="drop genes")
    assert matrix.var_names.tolist() == [gene for gene in frame() if gene != "EGFR"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("!dataset_table_end", "", "cut short"),
        ("!dataset_table_begin", "", "no table of values"),
        ("\tGSM", "\tX", "no column of a sample"),
    ],
)
def test_bad_geo_dataset(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(BadData, match=words):
        read(write(tmp_path / "m.soft", gds(frame()).replace(old, new)))
