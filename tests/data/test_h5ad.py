"""AnnData files: what is taken from them, and what is refused."""

import dataclasses
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from scipy import sparse

from landmark.data import read
from landmark.data.history import describe, fact, history, record
from landmark.data.io.files import limits
from landmark.errors import BadData
from tests.data.make import GENES, adata, frame


@pytest.fixture
def path(tmp_path: Path) -> Path:
    matrix = adata()
    matrix.obs["tissue"] = pd.Categorical(["lung", "liver", None, "lung", "skin"])
    matrix.obs["age"] = [61, 44, 50, 38, 72]
    matrix.var["chromosome"] = ["17", "7", "8", "12", "7", "17", "12", "10"]
    describe(matrix, unit="log2 expression", title="Five samples")
    record(matrix, "Logarithm", offset=1)
    matrix.write_h5ad(tmp_path / "m.h5ad")
    return tmp_path / "m.h5ad"


def test_values_annotations_and_history_survive(path: Path) -> None:
    matrix = read(path)
    assert np.array_equal(matrix.X, frame().to_numpy())
    assert matrix.obs["tissue"].isna().tolist() == [False, False, True, False, False]
    assert matrix.obs["age"].tolist() == [61, 44, 50, 38, 72]
    assert matrix.var["chromosome"]["EGFR"] == "7"
    assert [step["step"] for step in history(matrix)] == ["Logarithm", "Read"]
    assert fact(matrix, "unit") == "log2 expression"
    assert fact(matrix, "title") == "Five samples"


@pytest.mark.parametrize("kind", [sparse.csr_matrix, sparse.csc_matrix])
@pytest.mark.parametrize("dtype", [np.float64, np.int32])
def test_sparse_and_other_number_types(tmp_path: Path, kind: type, dtype: type) -> None:
    X = np.arange(40).reshape(5, 8).astype(dtype)
    matrix = AnnData(kind(X), obs=adata().obs, var=adata().var)
    matrix.write_h5ad(tmp_path / "m.h5ad")
    assert np.array_equal(read(tmp_path / "m.h5ad").X, X)


def test_turned_file(tmp_path: Path) -> None:
    adata().T.write_h5ad(tmp_path / "m.h5ad")
    assert read(tmp_path / "m.h5ad").var_names.tolist() == GENES


def _external_link(file: h5py.File) -> None:
    del file["X"]
    file["X"] = h5py.ExternalLink("other.h5", "/X")


def _soft_link(file: h5py.File) -> None:
    file["obs/copy"] = h5py.SoftLink("/X")


def _virtual(file: h5py.File) -> None:
    del file["X"]
    layout = h5py.VirtualLayout((5, 8), "f4")
    layout[:] = h5py.VirtualSource("other.h5", "X", (5, 8))
    file.create_virtual_dataset("X", layout)


def _external_storage(file: h5py.File) -> None:
    del file["X"]
    file.create_dataset("X", (5, 8), "f4", external=[("/etc/hostname", 0, 160)])


def _huge(file: h5py.File) -> None:
    del file["X"]
    file.create_dataset("X", (500_000, 20_000), "f4", chunks=(1000, 1000), compression="gzip")


def _huge_sparse(file: h5py.File) -> None:
    del file["X"]
    group = file.create_group("X")
    group.attrs["encoding-type"], group.attrs["shape"] = "csr_matrix", (500_000, 20_000)
    group["data"], group["indices"], group["indptr"] = np.ones(1), np.zeros(1, int), np.zeros(2, int)


def _wild_indices(file: h5py.File) -> None:
    del file["X"]
    group = file.create_group("X")
    group.attrs["encoding-type"], group.attrs["shape"] = "csr_matrix", (5, 8)
    group["data"], group["indices"] = np.ones(5), np.full(5, 10**6)
    group["indptr"] = np.arange(6)


def _opaque(file: h5py.File) -> None:
    file["uns/thing"] = np.void(b"pickled")


def _reference(file: h5py.File) -> None:
    file["uns/thing"] = file["X"].ref


def _text_matrix(file: h5py.File) -> None:
    del file["X"]
    file["X"] = [["a", "b"], ["c", "d"]]


def _no_matrix(file: h5py.File) -> None:
    del file["X"]


def _fewer_names(file: h5py.File) -> None:
    del file["obs/_index"]
    file["obs/_index"] = ["S1", "S2"]


def _long_names(file: h5py.File) -> None:
    del file["obs/_index"]
    file["obs/_index"] = ["x" * 100_000] * 5


def _wild_codes(file: h5py.File) -> None:
    file["obs/tissue/codes"][:] = 100


def _circle(file: h5py.File) -> None:
    file["uns/circle"] = file["uns"]
    del file["X"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_external_link, "refused: '/X' is a link to another file"),
        (_soft_link, "refused: '/obs/copy' is a link"),
        (_virtual, "refused: the values of '/X' lie in other files"),
        (_external_storage, "lie in other files"),
        (_huge, "claims 40,000 MB"),
        (_huge_sparse, "claims 40,000 MB"),
        (_wild_indices, "damaged"),
        (_opaque, "neither numbers nor text"),
        (_reference, "neither numbers nor text"),
        (_text_matrix, "table of numbers"),
        (_no_matrix, "no matrix X"),
        (_fewer_names, "names 2 obs"),
        (_long_names, "longer than"),
        (_wild_codes, "damaged"),
        (_circle, "no matrix X"),
    ],
)
def test_hostile_files_are_refused(path: Path, change: object, words: str) -> None:
    with h5py.File(path, "r+") as file:
        change(file)  # type: ignore[operator]
    with pytest.raises(BadData, match=words):
        read(path)


def test_damage_is_said(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(BadData, match="damaged"):
        read(path)


def test_a_file_that_keeps_the_library_busy_is_refused(path: Path) -> None:
    with pytest.raises(BadData, match="damaged in a way"):
        read(path, dataclasses.replace(limits(), seconds=0.01))
