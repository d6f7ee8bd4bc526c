"""Inputs whose axes, units or sizes were once taken for something else."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from landmark.data.gene_identifiers import entrez, recognise, symbols
from landmark.data.gene_table import settle
from landmark.data.history import fact, history
from landmark.data.orientation import evidence, gene_columns
from landmark.data.reading import read
from landmark.data.sources.preview import preview
from landmark.data.steps.normalise import looks_logged
from landmark.data.steps.stream import from_memory
from landmark.errors import BadData, UnclearAxis
from tests.data.make import GENES, adata, frame, write

SYMBOLS = sorted(name for name in symbols() if name.isalpha())[::40][:60]
NUMBERS = sorted(map(int, entrez()))


def values(samples: int, genes: int) -> np.ndarray:
    rng = np.random.default_rng(samples * genes)
    return rng.normal(7, 2, (samples, genes)).round(3)


def table(samples: list[str], genes: list[str]) -> pd.DataFrame:
    return pd.DataFrame(values(len(samples), len(genes)), samples, genes)


@pytest.mark.parametrize(
    "name",
    [
        "gct_numeric_samples.gct",
        "h_counter_dup_mouse.h5ad",
        "h_numeric_cells.h5ad",
        "numeric_samples_ilmn.tsv",
        "numeric_samples_mouse.tsv",
    ],
)
def test_numbered_samples_are_no_genes(shared: Path, name: str) -> None:
    found = read(shared / "cases" / "numeric-sample-names-transposed" / name)
    assert found.shape == (12, 60)
    assert all(sample.replace("-", "").isdecimal() for sample in found.obs_names)


def test_an_annotated_array_is_a_matrix(shared: Path) -> None:
    path = shared / "cases" / "annotated-array-table-refused" / "gene_desc_symbol.tsv"
    found = read(path)
    assert found.shape == (12, 60)
    assert found.var_names[0] == "ILMN_1650000"
    assert any("names_from = Gene.Symbol" in note for note in history(found)[0]["notes"])
    by_symbol = read(path, names_from="Gene.Symbol")
    assert by_symbol.shape == (12, 60)
    assert by_symbol.var_names[:2].tolist() == ["AARS", "ABCB6"]
    assert fact(by_symbol, "identifier") == "symbol"
    assert by_symbol.var["name in the file"].iloc[0] == "ILMN_1650000"
    np.testing.assert_array_equal(by_symbol.X, found.X)
    stored = settle(from_memory(by_symbol)).about
    assert stored.var_names[:2].tolist() == ["AARS", "ABCB6"]
    assert stored.var["name in the file"].iloc[0] == "ILMN_1650000"
    assert fact(read(path, names_from="ENTREZ_GENE_ID"), "identifier") == "entrez"
    with pytest.raises(BadData, match=r"no column 'Symbols'.*Gene\.Symbol"):
        read(path, names_from="Symbols")
    seen = preview(path)
    assert seen.name_columns["Gene.Symbol"] == "symbol"
    assert preview(path, names_from="Gene.Symbol").landmarks > 0


def test_average_differences_are_not_logged(shared: Path) -> None:
    seen = preview(shared / "cases" / "negative-not-logged" / "sm_avgdiff_series_matrix.txt")
    assert not seen.logged.looks
    assert "negative" not in seen.logged.reason
    assert not seen.propose_log2  # no logarithm of value + 1 exists


@pytest.mark.parametrize(
    ("low", "high", "logged"),
    [(-28_395, 61_225, False), (-30, 80, False), (-3, 4, True), (-12, 14, True), (-0.5, 900, False)],
)
def test_negative_values_alone_say_nothing_of_logarithms(low: float, high: float, logged: bool) -> None:
    assert looks_logged(np.linspace(low, high, 1000)).looks is logged


def test_standardised_values_with_one_far_out_are_logged() -> None:
    far = np.append(np.random.default_rng(0).normal(size=5000), 60.0)
    assert looks_logged(far).looks


TISSUES = ("liver", "brain", "lung", "skin", "colon", "bone", "eye", "ear", "leg", "arm")
SAMPLE_NAMES = {
    "numbers": [str(number) for number in NUMBERS[40:400:12]],
    "numbers with gaps": [str(101 + 7 * i) for i in range(30)],
    "numbers as R writes them": [f"X{1000 + i}" for i in range(30)],
    "TCGA": [f"TCGA-A{i % 9}-A{i:03d}-01A" for i in range(30)],
    "TCGA by R": [f"TCGA.B6.A0{i:02d}.01" for i in range(30)],
    "GSM": [f"GSM{25_000 + i}" for i in range(30)],
    "SRR": [f"SRR{1_039_500 + i}" for i in range(30)],
    "ERR": [f"ERR{188_000 + i}" for i in range(30)],
    "SAMN": [f"SAMN0{2_000_000 + i}" for i in range(30)],
    "GTEX": [f"GTEX-1117F-{i:04d}-SM-5GZZ7" for i in range(30)],
    "cells": ["".join("ACGT"[(i >> s) & 3] for s in range(0, 32, 2)) + "-1" for i in range(1, 31)],
    "words": [f"{word}_{i}" for i in range(3) for word in TISSUES],
}
GENE_NAMES = {
    "symbols": SYMBOLS,
    "mouse symbols": [name.capitalize() for name in SYMBOLS],
    "compound": [f"{name}_{3000 + i}" for i, name in enumerate(SYMBOLS)],
    "Illumina": [f"ILMN_{1_650_000 + 13 * i}" for i in range(60)],
    "mouse Ensembl": [f"ENSMUSG{i:011d}" for i in range(60)],
    "Ensembl": [f"ENSG{i:011d}.{i % 9}" for i in range(3, 63)],
    "other probes": [f"{1000 + 31 * i}_at" for i in range(60)],
    "Agilent": [f"A_23_P{100_001 + i}" for i in range(60)],
}


@pytest.mark.parametrize("samples", SAMPLE_NAMES)
@pytest.mark.parametrize("genes", GENE_NAMES)
@pytest.mark.parametrize("share", [0.2, 1.0])
def test_genes_stay_genes_whatever_the_samples_are_called(
    tmp_path: Path, samples: str, genes: str, share: float
) -> None:
    """Both ways round, with more samples than genes and with fewer; what is swapped would be swapped silently."""
    names = GENE_NAMES[genes][: int(share * 60)]
    expected = table(SAMPLE_NAMES[samples], names)
    for turned in (False, True):
        text = (expected.T if turned else expected).to_csv(sep="\t")
        found = read(write(tmp_path / "m.tsv", text))
        assert found.obs_names.tolist() == expected.index.tolist()
        assert found.var_names.tolist() == names
        np.testing.assert_array_equal(found.X, expected.to_numpy(np.float32))


@pytest.mark.parametrize("samples", ["TCGA", "GSM", "words"])
def test_entrez_identifiers_are_known_where_samples_are_no_numbers(tmp_path: Path, samples: str) -> None:
    names = [str(number) for number in NUMBERS[:: len(NUMBERS) // 200][:200]]
    expected = table(SAMPLE_NAMES[samples], names)
    for turned in (False, True):
        found = read(write(tmp_path / "m.csv", (expected.T if turned else expected).to_csv()))
        assert found.shape == expected.shape
        assert fact(found, "identifier") == "entrez"


def test_formats_that_know_where_genes_are_are_overruled_by_names_only(tmp_path: Path) -> None:
    few = adata(samples=5)
    few.obs_names = [str(number) for number in NUMBERS[:5]]
    few.var_names = [f"thing {i}" for i in range(8)]
    few.write_h5ad(tmp_path / "numbers.h5ad")
    assert read(tmp_path / "numbers.h5ad").var_names[0] == "thing 0"
    turned = adata(samples=5).T
    turned.write_h5ad(tmp_path / "turned.h5ad")
    assert read(tmp_path / "turned.h5ad").var_names.tolist() == GENES
    gct = frame(5).T
    gct.columns = [str(number) for number in NUMBERS[:5]]
    gct.index = [f"probe{i}" for i in range(8)]
    gct.insert(0, "Description", "na")
    body = gct.to_csv(sep="\t", index_label="Name")
    found = read(write(tmp_path / "m.gct", f"#1.2\n8\t5\n{body}"))
    assert found.var_names[0] == "probe0"


def test_a_guess_is_called_a_guess(tmp_path: Path) -> None:
    unknown = table([f"s{i}" for i in range(30)], [f"g{i}" for i in range(40)])
    found = read(write(tmp_path / "m.csv", unknown.to_csv()))
    assert any("is a guess" in note and "orientation" in note for note in history(found)[0]["notes"])
    told = read(tmp_path / "m.csv", genes_in="columns")
    assert not any("guess" in note for note in history(told)[0]["notes"])
    known = read(write(tmp_path / "k.csv", frame().to_csv()))
    assert history(known)[0]["notes"] == []


def test_a_clinical_table_is_asked_about(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    facts = {f"fact{i}": rng.integers(0, 2 + i % 3, 300) for i in range(10)}
    facts |= {f"amount{i}": rng.normal(50, 20, 300).round(2) for i in range(10)}
    for index in (
        SAMPLE_NAMES["TCGA"][0][:8] + pd.Series(range(300)).astype(str),
        [f"BA{i:04d}" for i in range(300)],
    ):
        clinical = pd.DataFrame(facts).set_axis(list(index))
        path = write(tmp_path / "clinical.csv", clinical.to_csv())
        with pytest.raises(UnclearAxis, match=r"description of samples.*orientation"):
            read(path)
        assert read(path, genes_in="columns").shape == (300, 20)


def test_annotated_arrays_of_any_kind(tmp_path: Path) -> None:
    names = [f"spot{i}" for i in range(60)]
    array = table([f"S{i}" for i in range(6)], names).T
    array.insert(0, "Symbol", SYMBOLS)
    array.insert(1, "Sequence", ["ACGT" * 5] * 60)
    array.loc["spot3", "Symbol"] = ""
    path = write(tmp_path / "array.csv", array.to_csv())
    found = read(path, names_from="Symbol")
    assert found.shape == (6, 60)
    assert found.var_names[3] == "spot3"
    assert any("1 without an entry" in note for note in history(found)[0]["notes"])
    assert read(path).var_names[0] == "spot0"
    described = array.drop(columns="Symbol")
    with pytest.raises(UnclearAxis, match="mixes text with numbers"):
        read(write(path, described.to_csv()))
    assert read(path, genes_in="rows").shape == (6, 60)
    parquet = array.reset_index(names="ID")
    parquet.to_parquet(tmp_path / "array.parquet", index=False)
    assert read(tmp_path / "array.parquet", names_from="Symbol").var_names[0] == SYMBOLS[0]


def test_the_description_of_a_gct_names_genes(tmp_path: Path) -> None:
    gct = table([f"S{i}" for i in range(6)], [f"x{i}" for i in range(60)]).T
    gct.insert(0, "Description", SYMBOLS)
    path = write(tmp_path / "m.gct", f"#1.2\n60\t6\n{gct.to_csv(sep=chr(9), index_label='Name')}")
    assert preview(path).name_columns == {"Description": "symbol"}
    assert read(path, names_from="Description").var_names.tolist() == SYMBOLS


def test_columns_that_name_genes() -> None:
    about = pd.DataFrame(
        {"tissue": ["MET", "EGFR"] * 30, "id": [float(n) for n in NUMBERS[:60]], "s": SYMBOLS}
    )
    assert [column.name for column in gene_columns(about)] == ["s", "id"]
    assert recognise(SYMBOLS).share == 1
    assert evidence(SAMPLE_NAMES["TCGA"]).samples == 1
    assert evidence([]).genes == 0
