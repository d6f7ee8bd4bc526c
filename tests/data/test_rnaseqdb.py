"""RNAseqDB: tables fetched from a small server on this machine, joined, and compared with the published values."""

import gzip
import hashlib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark.data import read
from landmark.data.history import fact, history
from landmark.data.sources import download, rnaseqdb
from landmark.data.sources.examples import EXAMPLES, example
from landmark.data.sources.rnaseqdb import Published, joined, published, tables_in
from landmark.errors import BadData, Cancelled
from landmark.progress import Progress
from tests.data.geo_server import Site, served

TABLES = {
    "bladder-rsem-fpkm-gtex.txt.gz": (
        ["TP53", "EGFR", "MYC", "KRAS"],
        ["GTEX-A1-0226-SM-1", "GTEX-B2-0226-SM-2"],
    ),
    "blca-rsem-fpkm-tcga.txt.gz": (["MYC", "TP53", "BRAF", "EGFR"], ["TCGA-A1-B2C3-11A-11R-A1-07"]),
    "ucs-rsem-fpkm-tcga-t.txt.gz": (
        ["EGFR", "MYC", "TP53"],
        ["TCGA-N5-A4RD-01A-11R-A1-07", "TCGA-A1-B2C3-01A-07"],
    ),
}


def _table(genes: list[str], samples: list[str], seed: int = 0) -> bytes:
    """Write a table as its authors do: genes in rows, FPKM with two decimals."""
    values = np.random.default_rng(seed).uniform(0, 3000, (len(genes), len(samples)))
    lines = ["\t".join(["Hugo_Symbol", "Entrez_Gene_Id", *samples])]
    for number, (gene, row) in enumerate(zip(genes, values, strict=True)):
        lines.append("\t".join([gene, str(7000 + number), *(f"{value:.2f}" for value in row)]))
    return gzip.compress("\n".join([*lines, ""]).encode(), mtime=0)


CONTENT = {name: _table(genes, samples, seed) for seed, (name, (genes, samples)) in enumerate(TABLES.items())}


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Serve the small tables, and take them for the published ones."""
    listed = tuple(
        Published(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in CONTENT.items()
    )
    monkeypatch.setattr(rnaseqdb, "published", lambda: listed)
    monkeypatch.setattr(download, "FIRST_WAIT", 0.0)
    monkeypatch.setattr(download, "CHUNK", 50)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with served(Site({f"/rnaseqdb/{name}": content for name, content in CONTENT.items()})) as served_site:
        monkeypatch.setattr(rnaseqdb, "ADDRESS", served_site.address.replace("/geo/series", "/rnaseqdb"))
        yield served_site


@pytest.fixture
def kept(own_home: Path) -> Path:
    return own_home / "downloads" / "rnaseqdb"


def _folder(place: Path, content: dict[str, bytes]) -> list[Path]:
    place.mkdir(parents=True, exist_ok=True)
    for name, table in content.items():
        (place / name).write_bytes(table)
    return tables_in(place)


def test_tables_are_fetched_once_joined_and_labelled(site: Site, kept: Path) -> None:
    assert EXAMPLES["rnaseqdb"].needs_network
    seen: list[Progress] = []
    matrix = example("rnaseqdb", seen.append)
    assert list(matrix.var_names) == ["TP53", "EGFR", "MYC"]  # in the order of the first table
    assert list(matrix.obs_names) == [name for _, samples in TABLES.values() for name in samples]
    assert matrix.obs["source"].tolist() == ["GTEx", "GTEx", "TCGA", "TCGA", "TCGA"]
    assert matrix.obs["organ"].tolist() == ["bladder"] * 3 + ["uterus"] * 2
    assert matrix.obs["study"].tolist() == ["bladder", "bladder", "blca", "ucs", "ucs"]
    assert matrix.obs["kind"].tolist() == ["normal"] * 3 + ["tumour"] * 2
    assert matrix.obs["patient"].tolist() == [
        *("GTEX-A1", "GTEX-B2", "TCGA-A1-B2C3", "TCGA-N5-A4RD", "TCGA-A1-B2C3")
    ]
    assert fact(matrix, "unit") == "log2(FPKM + 1)"
    assert fact(matrix, "identifier") == "symbol"
    assert "Sci" in fact(matrix, "source")
    assert "do not redistribute" in fact(matrix, "source")
    assert [step["step"] for step in history(matrix)] == ["Studies joined", "Logarithm"]
    megabytes = [step for step in seen if step.unit == "MB"]
    assert [step.done for step in megabytes] == sorted(step.done for step in megabytes)
    assert {step.total for step in megabytes} == {round(sum(map(len, CONTENT.values())) / 1e6, 1)}
    assert sorted(path.name for path in kept.iterdir()) == sorted(CONTENT)
    site.asked.clear()
    example("rnaseqdb")
    assert not site.asked


def test_values_are_logarithms_of_those_in_the_files(tmp_path: Path) -> None:
    tables = _folder(tmp_path, CONTENT)
    matrix = joined(tables)
    first = read(tables[0])
    np.testing.assert_array_equal(matrix[first.obs_names].X, np.log2(first[:, matrix.var_names].X + 1))


def test_a_cut_connection_is_resumed(site: Site, kept: Path) -> None:
    site.cut_after = [40, 60]
    example("rnaseqdb")
    first = f"/rnaseqdb/{next(iter(CONTENT))}"
    assert [range_ for _, path, range_ in site.asked if path == first] == ["", "bytes=40-", "bytes=100-"]
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == CONTENT


def test_a_cancelled_download_goes_on_where_it_stopped(site: Site, kept: Path) -> None:
    def cancel(progress: Progress) -> None:
        if progress.unit == "MB":
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        example("rnaseqdb", cancel)
    (part,) = kept.glob("*.part")
    have = part.stat().st_size
    assert have > 0
    site.asked.clear()
    example("rnaseqdb")
    assert site.asked[0][2] == f"bytes={have}-"
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == CONTENT


def test_joining_can_be_cancelled(site: Site) -> None:
    def cancel(progress: Progress) -> None:
        if progress.stage == "Reading the tables" and progress.done:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        example("rnaseqdb", cancel)


def test_a_file_with_another_checksum_is_refused(site: Site, kept: Path) -> None:
    name = list(CONTENT)[1]
    site.files[f"/rnaseqdb/{name}"] = _table(*TABLES[name], seed=9)
    with pytest.raises(
        BadData, match=f"{name} arrived from 127.0.0.1:.* another checksum than it should have"
    ):
        example("rnaseqdb")
    assert [path.name for path in kept.iterdir()] == [next(iter(CONTENT))]


def test_a_kept_file_that_was_changed_is_fetched_anew(site: Site, kept: Path) -> None:
    name = next(iter(CONTENT))
    _folder(kept, CONTENT)
    (kept / name).write_bytes(b"something else")
    example("rnaseqdb")
    assert [ask[1] for ask in site.asked] == [f"/rnaseqdb/{name}"]
    assert (kept / name).read_bytes() == CONTENT[name]


def test_a_file_missing_on_the_server_is_named(site: Site, kept: Path) -> None:
    name = list(CONTENT)[-1]
    del site.files[f"/rnaseqdb/{name}"]
    with pytest.raises(BadData, match=f"{name} is not there any more. .* put it into {kept}"):
        example("rnaseqdb")


def test_without_a_network_the_folder_for_files_is_named(
    site: Site, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rnaseqdb, "ADDRESS", "http://nowhere.invalid")
    with pytest.raises(
        BadData, match=rf"nowhere.invalid cannot be reached .* put it into {kept}, with the other 2 "
    ):
        example("rnaseqdb")
    _folder(kept, CONTENT)
    assert example("rnaseqdb").shape == (5, 3)


def test_a_proxy_of_the_environment_is_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rnaseqdb, "ADDRESS", "http://elsewhere.invalid/rnaseqdb")
    monkeypatch.setattr(urllib.request, "_opener", None)  # it remembers the proxies of its first use
    monkeypatch.setenv("http_proxy", site.address.replace("/geo/series", ""))
    with pytest.raises(BadData, match=r"elsewhere.invalid/rnaseqdb/.* is not there any more"):
        example("rnaseqdb")
    assert {ask[1].partition("/rnaseqdb/")[0] for ask in site.asked} == {"http://elsewhere.invalid"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Gene\tS1\nTP53\t1\n", "is not laid out as the tables of RNAseqDB"),
        (b"Hugo_Symbol\tEntrez_Gene_Id\nTP53\t7157\n", "is not laid out as the tables of RNAseqDB"),
        (b"Hugo_Symbol\tEntrez_Gene_Id\tTCGA-1\nTP53\t1\t1\nEGFR\t2\t-1\nMYC\t3\t1\n", "negative values"),
        (b"Hugo_Symbol\tEntrez_Gene_Id\tTCGA-1\nTP53\t1\t1\nEGFR\t2\tNA\nMYC\t3\t1\n", "missing"),
        (
            b"Hugo_Symbol\tEntrez_Gene_Id\tTCGA-1\nTP53\t1\t1\nTP53\t2\t1\nMYC\t3\t1\n",
            "occurs more than once",
        ),
        (b"Hugo_Symbol\tEntrez_Gene_Id\tGTEX-A1-0226-SM-1\nTP53\t1\t1\nMYC\t3\t1\n", "occurs more than once"),
        (b"Hugo_Symbol\tEntrez_Gene_Id\tTCGA-1\nA1BG\t1\t1\nA2M\t3\t1\n", "less than two genes in common"),
    ],
)
def test_tables_that_cannot_be_joined(tmp_path: Path, content: bytes, words: str) -> None:
    tables = _folder(
        tmp_path, {next(iter(CONTENT)): next(iter(CONTENT.values())), "prad-rsem-fpkm-tcga.txt": content}
    )
    with pytest.raises(BadData, match=words):
        joined(tables)


def test_a_damaged_table_is_named(tmp_path: Path) -> None:
    name, content = next(iter(CONTENT.items()))
    with pytest.raises(BadData, match=f"{name} is damaged or cut short"):
        joined(_folder(tmp_path, {name: content[:-20]}))


def test_tables_are_known_by_their_names(tmp_path: Path) -> None:
    names = ["esophagus_muc-rsem-fpkm-gtex.txt.gz", "kich-rsem-fpkm-tcga-t.txt"]
    _folder(tmp_path, dict.fromkeys([*names, "matrix.txt.gz", "kich-rsem-count-tcga.txt.gz"], b""))
    assert [path.name for path in tables_in(tmp_path)] == names
    assert tables_in(tmp_path / names[0]) == []
    assert tables_in(tmp_path / "absent") == []


def test_the_published_tables_are_those_of_24_studies() -> None:
    names = [rnaseqdb.NAME.fullmatch(table.name) for table in published()]
    studies = {name["study"] for name in names if name}
    assert (len(names), len(studies)) == (27, 24)
    assert studies <= set(rnaseqdb.ORGANS)
    assert all(len(table.sha256) == 64 for table in published())


def test_real_tables_are_fetched_by_their_checksums_and_have_the_published_values(
    shared: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The joined matrix was made of all 27 tables, so it has the genes that all have."""
    real = {path.name: path.read_bytes() for path in tables_in(shared / "data" / "rnaseqdb_files")}
    listed = tuple(table for table in published() if table.name in real)
    assert [(table.name, table.bytes) for table in listed] == [
        (name, len(real[name])) for name in sorted(real)
    ]
    monkeypatch.setattr(rnaseqdb, "published", lambda: listed)
    monkeypatch.setattr(download, "FIRST_WAIT", 0.0)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with served(Site({f"/rnaseqdb/{name}": content for name, content in real.items()})) as site:
        site.cut_after = [300_000]
        monkeypatch.setattr(rnaseqdb, "ADDRESS", site.address.replace("/geo/series", "/rnaseqdb"))
        found = rnaseqdb.rnaseqdb()
    assert site.asked[1][2] == "bytes=300000-"
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == real
    expected = read(shared / "data" / "rnaseqdb_1078x18154_log2.h5ad")
    assert found.n_obs == 74
    np.testing.assert_array_equal(found[:, expected.var_names].X, expected[found.obs_names].X)
    for column in ("source", "organ", "study", "kind", "patient"):
        assert found.obs[column].tolist() == expected.obs.loc[found.obs_names, column].tolist()
