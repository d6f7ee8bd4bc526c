"""What genes are called in files: the same name is found wherever it is looked up."""

import gzip
from pathlib import Path

import pandas as pd
import pytest

from landmark.data.gene_identifiers import read_name, recognise
from landmark.data.gene_index import landmarks_present
from landmark.data.sources.preview import preview
from landmark.errors import BadData
from landmark.genesets.gmt import read_gmt
from landmark.genesets.sources import l1000, l1000_present
from landmark.genesets.text import read_list, triage
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now
from tests.cases.named import ENSEMBL, ENTREZ, L1000, imported, written

OTHERS = [
    ("TP63", "ENSG00000073282", "8626"),
    ("GATA1", "ENSG00000102145", "2623"),
    ("SOX2", "ENSG00000181449", "6657"),
    ("ALB", "ENSG00000163631", "213"),
    ("INS", "ENSG00000254647", "3630"),
    ("CD4", "ENSG00000010610", "920"),
    ("CD8A", "ENSG00000153563", "925"),
    ("HBB", "ENSG00000244734", "3043"),
]
"""Genes beside the first of L1000."""


@pytest.fixture
def home(own_home: Path) -> Workspace:
    return Workspace(own_home)


CASES = {
    "compound-gene-names/ens_pipe.tsv": ("ensembl", 60),
    "compound-gene-names/ens_us.tsv": ("ensembl", 60),
    "compound-gene-names/entrez_at.tsv": ("entrez", 60),
    "compound-gene-names/entrez_float.tsv": ("entrez", 60),
    "compound-gene-names/multi.tsv": ("symbol", 60),
    "compound-gene-names/sym_us_entrez.tsv": ("symbol", 60),
    "compound-gene-names/tcga_pipe.tsv": ("symbol", 58),
    "ensembl-versions-l1000/ens_ver.tsv": ("ensembl", 60),
    "ensembl-versions-l1000/gct_gtex.gct": ("ensembl", 60),
    "ensembl-versions-l1000/geuvadis.txt": ("ensembl", 60),
    "hgu133plus2-unknown/plus2_small.tsv": ("hgu133a_probe", 22),
}


@pytest.mark.parametrize("name", CASES)
def test_names_are_recognised_alike_when_looked_at_and_when_used(
    shared: Path, home: Workspace, name: str
) -> None:
    identifier, landmarks = CASES[name]
    path = shared / "cases" / name
    seen = preview(path)
    metrics, data, _ = imported(home, path)
    assert (seen.identifier, seen.landmarks) == (identifier, landmarks)
    assert (metrics["identifier"], metrics["l1000_present"]) == (identifier, landmarks)
    first = pd.read_csv(path, sep="\t", dtype=str, skiprows=2 if name.endswith(".gct") else 0).iloc[:, 0]
    assert list(data.var_names) == first.tolist()  # the dataset keeps its spelling


@pytest.mark.parametrize(
    ("made", "identifier"),
    [
        ([f"{s} ({e})" for s, e in zip(L1000, ENTREZ, strict=True)], "symbol"),
        ([f"hsa:{e}" for e in ENTREZ], "entrez"),
        ([f'"{s}"' for s in L1000], "symbol"),
        ([f" {s} " for s in L1000], "symbol"),
        ([s.lower() for s in L1000], "symbol"),
        ([s.capitalize() for s in L1000], "symbol"),
        ([f"GRCh38_{s}" for s in L1000], "symbol"),
        ([f"{e}.{i % 20}_PAR_Y" if i == 5 else f"{e}.{i % 20}" for i, e in enumerate(ENSEMBL)], "ensembl"),
        ([f"{e}_at" for e in ENSEMBL], "ensembl"),
        ([f"{e}|{s}" for s, e in zip(L1000, ENTREZ, strict=True)], "entrez"),
        ([f"{s};{s}" for s in L1000], "symbol"),
        ([f"X{p}" for p in l1000("hgu133a_probe").genes], "hgu133a_probe"),
    ],
)
def test_every_way_to_write_a_name_leads_to_its_gene(made: list[str], identifier: str) -> None:
    genes = [*made[:200], "not a gene", "nor this"]
    found = recognise(genes).identifier
    assert found == identifier
    assert landmarks_present(genes, found) == 200
    assert l1000_present(genes, found).genes == tuple(made[:200])


@pytest.mark.parametrize("kind", ["symbol", "entrez", "ensembl"])
def test_a_kind_that_is_said_by_a_person_is_found_in_the_names(
    home: Workspace, tmp_path: Path, kind: str
) -> None:
    genes = [f"{e}|{s}|{n}" for e, s, n in zip(ENSEMBL, L1000, ENTREZ, strict=True)][:70]
    metrics, _, _ = imported(home, written(tmp_path, genes), identifier=kind)
    assert (metrics["identifier"], metrics["share_recognised"]) == (kind, 1)
    assert metrics["l1000_present"] == len(l1000_present(L1000[:70], dgex=True))


@pytest.mark.parametrize(
    "name",
    ["S1", "CAT_2", "sample_16", "TCGA-A1-A0SB-01", "Patient 12", "A1", "X16", "c2", "CD4 T cell", "SNORD_1"],
)
def test_names_of_samples_are_no_genes(name: str) -> None:
    assert not read_name(name).kind


@pytest.mark.parametrize("name", ["HLA-A", "NKX2-1", "C1orf106", "RP11-34P13.7", "AC012314.7", "MT-CO1"])
def test_symbols_with_other_characters_are_taken_whole(name: str) -> None:
    assert (read_name(name).symbol, read_name(name).whole) == (name, True)


def test_probes_of_older_arrays_are_no_entrez_identifiers() -> None:
    assert recognise([f"{number}_at" for number in range(31_307, 31_907)]).identifier == "unknown"


def test_symbols_of_today_and_of_gencode_are_known() -> None:
    today = ["SEPTIN2", "MARCHF1", "H4C1", "MALAT1", "MTARC1", "SELENOF"]
    assert recognise(today).share == 1
    clones = [f"AC{100_000 + i}.{i % 9}" for i in range(300)] + [f"RP11-{i}P13.7" for i in range(300)]
    assert recognise([*clones, *L1000[:100], *[f"novel {i}" for i in range(300)]]).identifier == "symbol"
    assert l1000_present(["AARS1", "CD97"]).genes == ("AARS1", "CD97")


def test_plus_2_is_recognised_and_u133b_and_u95_are_not() -> None:
    known = list(l1000("hgu133a_probe").genes)[:300]
    others = [f"{number}_at" for number in range(1_552_000, 1_552_700)]
    assert recognise([*known, *others]).identifier == "hgu133a_probe"
    older = ["1007_s_at", "1053_at", "117_at", "121_at"]
    assert (
        recognise([*older, *(f"{number}_at" for number in range(222_400, 222_500))]).identifier == "unknown"
    )


def test_mouse_symbols_are_said_to_be_such(home: Workspace, tmp_path: Path) -> None:
    genes = ["Trp53", "Zfp36l1", "H2-K1", *[s.capitalize() for s in L1000[:60]]]
    metrics, data, notes = imported(home, written(tmp_path, genes))
    assert "look like mouse symbols" in notes
    assert list(data.var_names) == genes
    assert metrics["l1000_present"] > 50


@pytest.mark.parametrize("form", ["{ensembl}.7", "{symbol}|{entrez}", "{entrez}_at"])
def test_a_comparison_with_l1000_runs_on_names_of_every_form(
    home: Workspace, tmp_path: Path, form: str
) -> None:
    known = list(zip(L1000, ENSEMBL, ENTREZ, strict=True))
    genes = [
        form.format(symbol=symbol, ensembl=ensembl, entrez=entrez)
        for symbol, ensembl, entrez in [*OTHERS, *known[:7]]
    ]
    run = execute_now(home, "import", {"path": str(written(tmp_path, genes, samples=30))})
    values = {"dataset": run.manifest.parents["dataset"], "sets": ["L1000"], "random_sets": 1}
    found = execute_now(home, "compare", values).manifest.metrics["sets"]["L1000"]["size"]
    assert found == run.manifest.metrics["l1000_present"] == len(l1000_present(L1000[:7], dgex=True))


@pytest.mark.parametrize("name", ["g_weight", "g_quoted", "g_mouse", "g_comment", "g_empty"])
def test_terms_are_found_however_they_are_written(
    shared: Path, home: Workspace, tmp_path: Path, name: str
) -> None:
    folder = shared / "cases" / "gmt-and-lists"
    path = folder / f"{name}.gmt"
    terms = {term.name: term for term in read_gmt(path)}
    assert set(terms) == {"TERM_A", "TERM_B", "TERM_C"}
    genes = ["TP53", "CDK1", "MYC", "EGFR", "BRCA1", "JUN", "FOS", "STAT3", "AKT1", "MAPK1", *L1000[:60]]
    genes = list(dict.fromkeys(genes))
    run = execute_now(home, "import", {"path": str(written(tmp_path, genes))})
    values = {
        "dataset": run.manifest.parents["dataset"],
        "gmt": str(path),
        "genes": "TP53 CDK1 MYC",
        "smallest": 3,
    }
    table = execute_now(home, "enrich", values).table("enrichment").set_index("term")
    assert (table.loc["TERM_A", "overlap"], table.loc["TERM_A", "size"]) == (3, 10)


def test_a_list_in_utf_16_is_read(shared: Path) -> None:
    folder = shared / "cases" / "gmt-and-lists"
    names = (folder / "list.txt").read_text().split()
    for name in ("list.txt", "list_u16.txt"):
        assert triage(read_list(folder / name), names).used == tuple(names)
    assert len(names) == 16


def test_lists_may_name_genes_by_any_kind_of_name() -> None:
    found = triage("HER2, 1007_s_at ENSG00000141510.12 'egfr' ZZZ9 GAPDH", ["ERBB2", "DDR1", "TP53", "EGFR"])
    assert found.used == ("ERBB2", "DDR1", "TP53", "EGFR")
    assert (found.absent, found.unknown) == (("GAPDH",), ("ZZZ9",))
    assert triage("TP53,1.0\nMYC,16", ["TP53", "MYC", "AARS"]).used == ("TP53", "MYC")
    assert triage("7157 16", ["TP53", "MYC", "AARS"]).used == ("TP53", "AARS")
    probes = ["1007_s_at", "207169_x_at", "201000_at"]
    assert triage("DDR1", probes).used == ("1007_s_at", "207169_x_at")


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "utf-8-sig"])
def test_terms_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.gmt.gz"
    text = "# comment\n'Größe'\tx\t\"TP53\"\tMYC,0.5\n\nleer\tx\t\t\n"
    path.write_bytes(gzip.compress(text.encode(encoding)))
    (term,) = read_gmt(path)
    assert (term.name, term.genes) == ("Größe", ("TP53", "MYC"))


@pytest.mark.parametrize("line", [b"A\tx\tG\n", b"A" * 1000])
def test_terms_that_unpack_without_end_are_refused(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "bomb.gmt.gz"
    path.write_bytes(gzip.compress(line * (200_000_000 // len(line)), 1))
    with pytest.raises(BadData, match=r"second time|MB|longer than"):
        read_gmt(path)
