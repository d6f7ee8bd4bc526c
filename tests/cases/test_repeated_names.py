"""Gene names that occur more than once, and those that a spreadsheet has turned into dates."""

from pathlib import Path

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest

from landmark.data.gene_index import readings
from landmark.data.reading import read, read_passing
from landmark.data.sources.preview import preview
from landmark.data.steps.genes import collapse_probes
from landmark.data.steps.stream import from_memory, in_memory
from landmark.errors import BadData
from landmark.store.workspace import Workspace
from tests.cases.named import ENTREZ, L1000, imported, written


@pytest.fixture
def home(own_home: Path) -> Workspace:
    return Workspace(own_home)


@pytest.mark.parametrize(
    ("name", "genes", "said"),
    [
        ("dup_sym.tsv", 50, "10 gene names"),
        ("na_gene.tsv", 58, "left out: 2"),
        ("dash_gene.tsv", 57, "left out: 3"),
    ],
)
def test_repeated_symbols_are_brought_together(
    shared: Path, home: Workspace, name: str, genes: int, said: str
) -> None:
    path = shared / "cases" / "duplicate-symbols" / name
    if name == "dup_sym.tsv":  # the others have no two genes of one name once the nameless are left out
        with pytest.raises(BadData, match="collapse=mean"):
            imported(home, path)
    metrics, data, notes = imported(home, path, collapse="mean")
    assert (metrics["genes"], said in notes) == (genes, True)
    table = pd.read_csv(path, sep="\t", index_col=0, keep_default_na=False, na_values=[])
    table = table[~table.index.isin(["NA", "---"])].astype(np.float32)
    expected = table.groupby(level=0, sort=False).mean()
    assert list(data.var_names) == list(expected.index)
    np.testing.assert_allclose(data.X, expected.T.to_numpy(), rtol=1e-5)
    assert preview(path).repeated == (10 if name == "dup_sym.tsv" else 0)


@pytest.mark.parametrize(
    "genes",
    [
        ["ILMN_1", "ILMN_2", "ILMN_2", "ILMN_3", ""],
        ["7157", "16", "16", "1956", "2064"],
        ["ENSG00000141510.1", "ENSG00000146648.2", "ENSG00000146648.2", "ENSG00000090861.3", "NA"],
    ],
)
@pytest.mark.parametrize("keep", ["mean", "most variable"])
def test_names_of_any_kind_may_repeat(home: Workspace, tmp_path: Path, genes: list[str], keep: str) -> None:
    _, data, _ = imported(home, written(tmp_path, genes), collapse=keep, orientation="genes in rows")
    assert data.n_vars == len(set(genes) - {"", "NA"})
    assert data.var["measured_by"].str.contains("#2").any() or keep == "most variable"


def test_a_large_file_whose_names_repeat_passes(tmp_path: Path) -> None:
    matrix = anndata.AnnData(
        np.random.default_rng(1).normal(size=(30, 6)).astype(np.float32),
        obs=pd.DataFrame(index=[f"s{i}" for i in range(30)]),
        var=pd.DataFrame(index=["TP53", "EGFR", "TP53#", "MYC", "JUN", "FOS"]),
    )
    matrix.write_h5ad(tmp_path / "m.h5ad")
    with h5py.File(tmp_path / "m.h5ad", "r+") as file:
        names = file["var"][file["var"].attrs["_index"]]
        names[2] = "TP53"
    whole = read(tmp_path / "m.h5ad", several=True)
    for keep in ("mean", "most variable"):
        stream = read_passing(tmp_path / "m.h5ad", larger_than=0, several=True)
        assert stream is not None
        expected = in_memory(collapse_probes(from_memory(whole), keep))
        passed = collapse_probes(stream, keep)
        assert (
            list(passed.about.var_names) == list(expected.var_names) == ["TP53", "EGFR", "MYC", "JUN", "FOS"]
        )
        np.testing.assert_allclose(np.concatenate(list(passed.blocks())), expected.X, rtol=1e-6)


@pytest.mark.parametrize(
    "name", ["dates.tsv", "dates2.tsv", "dates_de.tsv", "dates_iso.csv", "dates_serial.tsv"]
)
def test_dates_are_named_and_put_back_where_the_gene_is_clear(
    shared: Path, home: Workspace, name: str
) -> None:
    path = shared / "cases" / "spreadsheet-dates" / name
    _, data, notes = imported(home, path)
    assert "4 gene names look like dates" in notes
    assert "4 gene names look like dates" in " ".join(preview(path).notes)
    assert {"SEPTIN2", "SEPTIN9"} < set(data.var_names)
    assert "MARCHF1 or MTARC1" in notes
    assert len(data.var_names) == 60


@pytest.mark.parametrize(
    ("written_as", "gene"),
    [
        ("02/09/2021", "SEPTIN2"),
        ("7. Sept.", "SEPTIN7"),
        ("2021/09/15", "SELENOF"),
        ("5-Mär", "MARCHF5"),
        ("8 mars", "MARCHF8"),
        ("11-Sep-21", "SEPTIN11"),
        ("2-set", "SEPTIN2"),
        ("44442.0", "SEPTIN3"),
    ],
)
def test_other_ways_to_write_a_date(home: Workspace, tmp_path: Path, written_as: str, gene: str) -> None:
    _, data, notes = imported(home, written(tmp_path, [*L1000[:40], written_as]))
    assert data.var_names[-1] == gene
    assert written_as in notes


def test_dates_whose_gene_is_there_or_not_clear_stay(home: Workspace, tmp_path: Path) -> None:
    genes = [*L1000[:40], "SEPT2", "2-Sep", "09/03/2021", "4-Sep", "Sep-04", "5-Apr"]
    _, data, _ = imported(home, written(tmp_path, genes))
    assert list(data.var_names) == genes


def test_numbers_among_entrez_identifiers_are_no_dates(home: Workspace, tmp_path: Path) -> None:
    genes = [*ENTREZ[:40], "44441"]
    _, data, notes = imported(home, written(tmp_path, genes))
    assert list(data.var_names) == genes
    assert "date" not in notes


def test_symbols_are_no_dates() -> None:
    assert not any(map(readings, ["SEPT2", "MARC1", "DEC1", "H2-K1", "1-8D", "MAR1", "OCT4"]))
