"""Symbols from a table, for arrays that are not known here."""

import gzip
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from landmark.data.sources.preview import preview
from landmark.errors import BadData
from landmark.genesets.sources import l1000_present
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now
from tests.cases.named import L1000, imported, written


@pytest.fixture
def home(own_home: Path) -> Workspace:
    return Workspace(own_home)


PROBES = [f"A_23_P{i}" for i in range(40)]


def platform(folder: Path) -> Path:
    """Write a table as GEO has it, which gives two probes of one gene and two without any."""
    symbols = [*L1000[:36], L1000[0], f"{L1000[40]} /// {L1000[41]}", "---", ""]
    rows = [
        f'{probe}\tNM_{i}\tsays 5" of it\t{s}'
        for i, (probe, s) in enumerate(zip(PROBES, symbols, strict=True))
    ]
    text = "\n".join(
        [
            "^PLATFORM = GPL1",
            "#ID = probe",
            "!platform_table_begin",
            "ID\tGB_ACC\tGene Title\tGene Symbol",
            *rows,
        ]
    )
    path = folder / "GPL1.annot.gz"
    path.write_bytes(gzip.compress(f"{text}\n!platform_table_end\n".encode()))
    return path


@pytest.mark.parametrize(("rest", "genes"), [("keep", 39), ("leave out", 37)])
def test_a_table_of_the_platform_names_the_genes(
    home: Workspace, tmp_path: Path, rest: str, genes: int
) -> None:
    values = {"gene_table": str(platform(tmp_path)), "gene_table_rest": rest}
    path = written(tmp_path, PROBES)
    with pytest.raises(BadData, match="collapse=mean"):
        imported(home, path, **values)
    metrics, data, notes = imported(home, path, collapse="mean", **values)
    assert (metrics["genes"], metrics["names_matched"], metrics["names_unmatched"]) == (genes, 38, 2)
    assert metrics["identifier"] == "symbol"
    assert metrics["l1000_present"] == len(l1000_present([*L1000[:36], L1000[40]], dgex=True))
    assert "38 of 40 genes have a symbol" in notes
    own = pd.read_csv(path, sep="\t", index_col=0).astype(np.float32)
    np.testing.assert_allclose(data[:, L1000[0]].X[:, 0], own.iloc[[0, 36]].mean(), rtol=1e-5)
    seen = preview(path, gene_table=platform(tmp_path))
    assert (seen.identifier, seen.repeated) == ("symbol", 1)
    assert seen.landmarks == 37


def affymetrix(folder: Path) -> Path:
    path = folder / "HG.na36.annot.csv"
    rows = [f'"{p}","a, b","{s}"' for p, s in zip(PROBES, L1000, strict=False)]
    path.write_text("\n".join(["#%netaffx=1", '"Probe Set ID","Title","Gene Symbol"', *rows]))
    return path


def headless(folder: Path) -> Path:
    path = folder / "mine.txt"
    path.write_text("\n".join(f"{p.lower()};{s}" for p, s in zip(PROBES, L1000, strict=False)))
    return path


def workbook(folder: Path) -> Path:
    book = openpyxl.Workbook()
    for row in [("symbol", "probe"), *zip(L1000, PROBES, strict=False)]:
        book.active.append(row)
    book.save(folder / "mine.xlsx")
    return folder / "mine.xlsx"


@pytest.mark.parametrize("table", [affymetrix, headless, workbook])
def test_tables_of_symbols_in_other_forms(home: Workspace, tmp_path: Path, table) -> None:
    metrics, data, _ = imported(home, written(tmp_path, PROBES), gene_table=str(table(tmp_path)))
    assert list(data.var_names) == L1000[:40]
    assert metrics["names_unmatched"] == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("probe\tsymbol\nILMN_1\tTP53\n", "does not fit"),
        (
            "probe\tlength\n" + "\n".join(f"{p}\t100{i}" for i, p in enumerate(PROBES)),
            "no column of gene symbols",
        ),
        ("just one column\n", "two columns"),
        ("probe\tsymbol\n" + "\n".join(f"{p}\t---" for p in PROBES), "no gene symbol"),
    ],
)
def test_tables_that_do_not_fit_are_refused(home: Workspace, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "t.tsv").write_text(text)
    with pytest.raises(BadData, match=said):
        imported(home, written(tmp_path, PROBES), gene_table=str(tmp_path / "t.tsv"))


def test_what_does_not_work_without_known_names_is_said(home: Workspace, tmp_path: Path) -> None:
    path = written(tmp_path, PROBES)
    run = execute_now(home, "import", {"path": str(path)})
    assert "no comparison with L1000" in " ".join(preview(path).notes)
    with pytest.raises(BadData, match="table that gives the gene symbol"):
        execute_now(home, "compare", {"dataset": run.manifest.parents["dataset"], "sets": ["L1000"]})
