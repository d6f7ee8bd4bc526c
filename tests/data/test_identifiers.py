"""Kinds of gene names, and their symbols."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from landmark.data import gene_identifiers
from landmark.data.gene_identifiers import recognise, symbols_of


@pytest.mark.parametrize(
    ("names", "identifier"),
    [
        (["TP53", "EGFR", "unheard of"], "symbol"),
        (["201000_at", "203192_at", "AFFX-TrpnX-3_at"], "hgu133a_probe"),
        (["7157", "1956", "16"], "entrez"),
        (["ENSG00000141510", "ENSG00000146648.21"], "ensembl"),
        (["S1", "S2", "S3"], "unknown"),
        (["1000_at", "1001_at", "31307_at"], "unknown"),
        ([str(i) for i in range(300)], "unknown"),
        ([str(i) for i in range(1, 300)], "unknown"),
        ([], "unknown"),
    ],
)
def test_recognise(names: list[str], identifier: str) -> None:
    assert recognise(names).identifier == identifier


def test_share() -> None:
    found = recognise(["TP53", "EGFR", "S1", "S2"])
    assert (found.identifier, found.share) == ("symbol", 0.5)
    assert recognise(["1000_at", "1001_at"]).gene_like == 1


def test_symbols() -> None:
    assert symbols_of(["1007_s_at", "AFFX-TrpnX-3_at", "200080_s_at"], "hgu133a_probe") == ["DDR1", "", ""]
    assert symbols_of(["7157", "0"], "entrez") == ["TP53", ""]
    assert symbols_of(["ENSG00000141510.11", "TP53"], "ensembl") == ["TP53", ""]
    assert symbols_of(["TP53", "odd"], "symbol") == ["TP53", "odd"]


def test_every_landmark_gene_is_found_by_every_identifier(shared: Path) -> None:
    genes = pd.read_csv(shared / "reference" / "l1000_landmarks.tsv", sep="\t", dtype=str)
    assert recognise(genes["hgu133a_probe"].tolist()).share == 1
    assert symbols_of(genes["entrez_id"].tolist(), "entrez") == genes["symbol"].tolist()
    assert symbols_of(genes["ensembl_id"].tolist(), "ensembl") == genes["symbol"].tolist()
    assert symbols_of(genes["hgu133a_probe"].tolist(), "hgu133a_probe") == genes["symbol_2010"].tolist()
    assert set(genes["symbol"]) == gene_identifiers.landmark_symbols()


def test_tables_agree_with_their_sources(shared: Path) -> None:
    probes = pd.read_csv(shared / "reference" / "hgu133a_probes.tsv.gz", sep="\t", dtype=str).set_index(
        "probe"
    )
    assert set(gene_identifiers.probe_symbols()) == set(probes.index)
    single = probes[~probes["symbol"].str.contains("///") & (probes["symbol"] != "-666")]
    assert [gene_identifiers.probe_symbols()[p] for p in single.index] == single["symbol"].tolist()


def test_names_follow_from_the_other_tables() -> None:
    """The table of names is derived: where another table changes, it is to be made anew."""
    path = gene_identifiers.ASSETS / "make_names.py"
    spec = importlib.util.spec_from_file_location("make_names", path)
    derived = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(derived)
    assert gene_identifiers._names() == (derived.genes_of_names(), derived.all_symbols())
