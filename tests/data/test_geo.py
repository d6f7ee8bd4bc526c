"""Series of GEO by accession, from a small server on this machine that is laid out as NCBI's."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from landmark.data import read
from landmark.data.history import fact, history
from landmark.data.sources import download, geo
from landmark.data.sources.examples import EXAMPLES, example
from landmark.data.sources.geo import fetch_series
from landmark.errors import BadConfiguration, BadData, Cancelled
from landmark.progress import Progress
from tests.data.geo_server import PROBES, Site, series_matrix, served, soft_family

MATRIX = "/geo/series/GSE10nnn/GSE10072/matrix/GSE10072_series_matrix.txt.gz"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(download, "FIRST_WAIT", 0.0)
    monkeypatch.setattr(download, "CHUNK", 100)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with served(Site({MATRIX: series_matrix("GSE10072", 6, {"title": list("abcdef")})})) as served_site:
        monkeypatch.setenv("LANDMARK_GEO_ADDRESS", served_site.address)
        yield served_site


def _downloads(site: Site) -> list[tuple[str, str, str]]:
    return [ask for ask in site.asked if ask[0] == "GET" and not ask[1].endswith("/")]


@pytest.mark.parametrize(
    ("accession", "place"),
    [("GSE1", "GSEnnn/GSE1"), ("GSE781", "GSEnnn/GSE781"), ("GSE4573", "GSE4nnn/GSE4573")],
)
def test_a_series_has_its_folder(accession: str, place: str) -> None:
    assert geo.folder(accession) == f"https://ftp.ncbi.nlm.nih.gov/geo/series/{place}"


def test_a_series_is_downloaded_once(site: Site, own_home: Path) -> None:
    seen: list[Progress] = []
    series = fetch_series(" gse10072 ", report=seen.append)
    assert series.path == own_home / "downloads" / "geo" / "GSE10072" / "GSE10072_series_matrix.txt.gz"
    assert read(series.path).shape == (6, len(PROBES))
    assert [step.unit for step in seen].count("MB") >= 2
    site.asked.clear()
    assert fetch_series("GSE10072").path == series.path
    assert not site.asked
    assert sorted(path.name for path in series.path.parent.iterdir()) == [
        "GSE10072_series_matrix.txt.gz",
        "listing.txt",
    ]


def test_two_imports_of_a_series_at_once_download_it_once(site: Site) -> None:
    downloading, waiting = threading.Event(), threading.Event()

    def first(progress: Progress) -> None:
        if progress.unit == "MB" and not downloading.is_set():
            downloading.set()
            assert waiting.wait(20)

    def second(progress: Progress) -> None:
        if progress.stage.startswith("Waiting for another download"):
            waiting.set()

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(fetch_series, "GSE10072", report=first)
        assert downloading.wait(20)
        other = pool.submit(fetch_series, "GSE10072", report=second)
        paths = {one.result().path, other.result().path}
    (path,) = paths
    assert path.read_bytes() == site.files[MATRIX]
    assert len(_downloads(site)) == 1
    assert {found.name for found in path.parent.iterdir()} == {path.name, "listing.txt"}


def test_a_waiting_import_can_be_cancelled(site: Site, own_home: Path) -> None:
    folder = own_home / "downloads" / "geo" / "GSE10072"
    folder.mkdir(parents=True)

    def cancel(progress: Progress) -> None:
        if progress.stage.startswith("Waiting for another download"):
            raise Cancelled("stopped")

    with FileLock(folder / "GSE10072_series_matrix.txt.gz.lock"), pytest.raises(Cancelled):
        fetch_series("GSE10072", report=cancel)
    assert not _downloads(site)


def test_a_cut_connection_is_resumed(site: Site) -> None:
    site.cut_after = [200, 150]
    series = fetch_series("GSE10072")
    assert series.path.read_bytes() == site.files[MATRIX]
    assert [ask[2] for ask in _downloads(site)] == ["", "bytes=200-", "bytes=350-"]


def test_a_server_that_resumes_nothing_is_read_from_the_start(site: Site) -> None:
    site.cut_after, site.ranges = [200], False
    assert fetch_series("GSE10072").path.read_bytes() == site.files[MATRIX]


def test_a_file_that_changed_meanwhile_is_read_from_the_start(site: Site) -> None:
    def cancel(progress: Progress) -> None:
        if progress.unit == "MB":
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        fetch_series("GSE10072", report=cancel)
    site.files[MATRIX] = series_matrix("GSE10072", 7, {"title": list("abcdefg")}, seed=2)
    site.tag = '"two"'
    assert read(fetch_series("GSE10072").path).n_obs == 7


def test_a_cancelled_download_goes_on_where_it_stopped(site: Site, own_home: Path) -> None:
    def cancel(progress: Progress) -> None:
        if progress.unit == "MB":
            raise Cancelled("stopped")

    part = own_home / "downloads" / "geo" / "GSE10072" / "GSE10072_series_matrix.txt.gz.part"
    with pytest.raises(Cancelled):
        fetch_series("GSE10072", report=cancel)
    have = part.stat().st_size
    assert 0 < have < len(site.files[MATRIX])
    assert fetch_series("GSE10072").path.read_bytes() == site.files[MATRIX]
    assert _downloads(site)[-1][2] == f"bytes={have}-"


def test_a_whole_part_needs_nothing_more(site: Site, own_home: Path) -> None:
    part = own_home / "downloads" / "geo" / "GSE10072" / "GSE10072_series_matrix.txt.gz.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(site.files[MATRIX])
    assert fetch_series("GSE10072").path.read_bytes() == site.files[MATRIX]


def test_a_connection_that_is_always_cut_is_given_up(site: Site) -> None:
    site.cut_after = [0] * 20
    with pytest.raises(BadData, match=r"127.0.0.1:\d+ cannot be reached .*What has arrived is kept"):
        fetch_series("GSE10072")
    assert len(_downloads(site)) == download.TRIES


def test_a_damaged_file_is_removed(site: Site, own_home: Path) -> None:
    site.files[MATRIX] = site.files[MATRIX][:-30]
    with pytest.raises(BadData, match="arrived damaged"):
        fetch_series("GSE10072")
    folder = own_home / "downloads" / "geo" / "GSE10072"
    assert not list(folder.glob("*.gz")) + list(folder.glob("*.part"))


def test_an_unknown_series(site: Site) -> None:
    with pytest.raises(BadData, match="GEO has no series GSE99999999"):
        fetch_series("GSE99999999")


@pytest.mark.parametrize(
    ("accession", "words"),
    [
        ("GSM12345", "'GSM12345' is a sample"),
        ("GPL96", "'GPL96' is a platform"),
        ("../../etc", "is no accession"),
        ("GSE0", "is no accession"),
        ("", "is no accession"),
    ],
)
def test_what_is_no_series_is_told_without_asking(site: Site, accession: str, words: str) -> None:
    with pytest.raises(BadData, match=words):
        fetch_series(accession)
    assert not site.asked


def test_without_a_network_the_remedy_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDMARK_GEO_ADDRESS", "http://nowhere.invalid/geo/series")
    with pytest.raises(
        BadData, match=r"nowhere.invalid cannot be reached .*another machine and import the file"
    ):
        fetch_series("GSE10072")


def test_other_addresses_are_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDMARK_GEO_ADDRESS", "file:///etc")
    with pytest.raises(BadConfiguration, match="LANDMARK_GEO_ADDRESS"):
        fetch_series("GSE10072")


def test_a_file_larger_than_allowed_is_not_fetched(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.files[MATRIX] = b"\x1f\x8b" + bytes(1_100_000)
    monkeypatch.setenv("LANDMARK_MAX_UPLOAD_MB", "1")
    with pytest.raises(BadData, match="LANDMARK_MAX_UPLOAD_MB"):
        fetch_series("GSE10072")


def test_of_several_platforms_a_known_one_is_taken_unless_told(site: Site) -> None:
    base = "/geo/series/GSEnnn/GSE781/matrix/GSE781"
    site.files[f"{base}-GPL97_series_matrix.txt.gz"] = series_matrix("GSE781", 5, {}, seed=1)
    site.files[f"{base}-GPL96_series_matrix.txt.gz"] = series_matrix("GSE781", 3, {}, seed=2)
    series = fetch_series("GSE781")
    assert series.platforms == ("GPL96", "GPL97")
    assert "GPL96 is taken, left out: GPL97" in series.note
    assert read(series.path).n_obs == 3
    assert read(fetch_series("GSE781", "gpl97").path).n_obs == 5
    with pytest.raises(BadData, match=r"GSE781 has no samples of GPL570. Its platforms: GPL96, GPL97"):
        fetch_series("GSE781", "GPL570")


def test_of_unknown_platforms_the_largest_is_taken(site: Site) -> None:
    base = "/geo/series/GSEnnn/GSE782/matrix/GSE782"
    site.files[f"{base}-GPL91_series_matrix.txt.gz"] = series_matrix("GSE782", 3, {}, seed=1)
    site.files[f"{base}-GPL92_series_matrix.txt.gz"] = series_matrix("GSE782", 9, {}, seed=2)
    assert fetch_series("GSE782").platforms == ("GPL92", "GPL91")


def test_without_a_series_matrix_the_family_is_taken(site: Site) -> None:
    place = "/geo/series/GSEnnn/GSE783/soft/GSE783_family.soft.gz"
    site.files[place] = soft_family("GSE783", {"GPL96": 3, "GPL97": 4})
    series = fetch_series("GSE783", "GPL96")
    assert series.path.name == "GSE783_family.soft.gz"
    assert read(series.path, platform=series.platform_within).shape == (3, len(PROBES))
    assert read(fetch_series("GSE783").path).n_obs == 4
    with pytest.raises(BadData, match=r"no samples of GPL1. Its platforms: GPL96, GPL97"):
        read(series.path, platform="GPL1")


def test_the_lung_example_is_joined_and_labelled(site: Site) -> None:
    sources = ["Normal Lung Tissue", "Adenocarcinoma of the Lung"] * 3
    site.files[MATRIX] = series_matrix("GSE10072", 6, {"title": list("abcdef"), "source_name_ch1": sources})
    site.files["/geo/series/GSE4nnn/GSE4573/matrix/GSE4573_series_matrix.txt.gz"] = series_matrix(
        "GSE4573", 4, {"title": ["LS-1", "LS-2", "LS-3", "LS-4"]}, logged=False, seed=3
    )
    assert EXAMPLES["lung"].needs_network
    lung = example("lung")
    assert lung.shape == (10, len(PROBES))
    assert lung.obs["class"].value_counts().to_dict() == {"SCC": 4, "normal": 3, "ADC": 3}
    assert (lung.obs.loc[lung.obs["series"] == "GSE4573", "class"] == "SCC").all()
    assert (lung.X.min(), lung.X.max()) == (4, 15)
    assert fact(lung, "identifier") == "hgu133a_probe"
    assert [step["step"] for step in history(lung)] == ["Two series joined", "Quantile normalisation"]


def test_a_sample_that_does_not_say_what_it_is(site: Site) -> None:
    site.files["/geo/series/GSE4nnn/GSE4573/matrix/GSE4573_series_matrix.txt.gz"] = series_matrix(
        "GSE4573", 4, {}, seed=3
    )
    with pytest.raises(BadData, match="says neither that it is normal lung nor a tumour"):
        example("lung")
