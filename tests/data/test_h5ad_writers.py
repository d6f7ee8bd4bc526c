"""AnnData files as other versions and the writers for R make them: all that is plain arrives."""

from pathlib import Path

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest
from anndata import AnnData

from landmark.data import read
from landmark.data.history import history
from landmark.errors import BadData
from tests.data.make import adata, frame

TISSUES = ["lung", "liver", "lung", "skin", "liver"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    adata().write_h5ad(tmp_path / "m.h5ad")
    return tmp_path / "m.h5ad"


def _former(file: h5py.File, categories: h5py.Dataset, linked: bool) -> None:
    file["obs/tissue"] = np.array([1, 0, 1, 2, 0], np.int8)
    if linked:
        file["obs/__categories/tissue"] = categories
    else:
        file["obs/tissue"].attrs["categories"] = categories.ref


@pytest.mark.parametrize("linked", [True, False])
@pytest.mark.parametrize("kind", ["O", "S"])
def test_former_categories_by_name_and_by_reference(path: Path, linked: bool, kind: str) -> None:
    with h5py.File(path, "r+") as file:
        labels = np.array([b"liver", b"lung", b"skin"], dtype=kind)
        kept = file.create_dataset("uns/kept", data=labels)
        _former(file, kept, linked)
    assert read(path).obs["tissue"].tolist() == TISSUES


def test_a_reference_leads_out_of_no_file(path: Path) -> None:
    layout = h5py.VirtualLayout((3,), "i1")
    layout[:] = h5py.VirtualSource("other.h5", "X", (3,))
    with h5py.File(path, "r+") as file:
        virtual = file.create_virtual_dataset("uns/v", layout)
        _former(file, virtual, linked=False)
        del file["uns/v"]  # no link leads to it any more, the reference does
    with pytest.raises(BadData, match=r"refused|damaged"):
        read(path)


def test_categories_as_writers_for_r_make_them(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        group = file.create_group("obs/tissue")  # nothing noted as attributes, names as fixed bytes
        group["codes"] = np.array([1, 0, 1, 2, 255], np.uint8)
        group["categories"] = np.array([b"liver", b"lung", b"skin"])
        again = file.create_group("obs/twice")
        again["codes"], again["categories"] = np.array([0, 1, 2, -1, 0], np.int32), ["a", "b", "a"]
    obs = read(path).obs
    assert obs["tissue"].tolist()[:4] == TISSUES[:4]
    assert obs["tissue"].isna().tolist() == [False] * 4 + [True]
    assert obs["twice"].tolist()[:3] == ["a", "b", "a"]


def test_missing_values_of_r(path: Path) -> None:
    logical = h5py.enum_dtype({"FALSE": 0, "TRUE": 1, "NA": 2}, basetype="i1")
    with h5py.File(path, "r+") as file:
        file.create_dataset("obs/response", data=np.array([0, 1, 2, 1, 0], np.int8), dtype=logical)
        file.create_dataset("obs/paired", data=np.array([0, 1, 1, 1, 0], np.int8), dtype=logical)
        file["obs/stage"] = np.array([1, 2, -(2**31), 4, 5], np.int32)
    obs = read(path).obs
    assert obs["response"].isna().tolist() == [False, False, True, False, False]
    assert obs["response"].dropna().tolist() == [False, True, True, False]
    assert obs["paired"].tolist() == [False, True, True, True, False]
    assert obs["stage"].isna().tolist() == [False, False, True, False, False]


@pytest.mark.parametrize("name", [np.bytes_(b"cell"), np.array([b"cell"]), np.array(["cell"], dtype="O")])
def test_the_note_that_names_the_index(path: Path, name: object) -> None:
    with h5py.File(path, "r+") as file:
        file.move("obs/_index", "obs/cell")
        file["obs"].attrs["_index"] = name
    matrix = read(path)
    assert matrix.obs_names.tolist() == ["S1", "S2", "S3", "S4", "S5"]
    assert "cell" not in matrix.obs


def test_no_index(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        del file["obs/_index"]
    with pytest.raises(BadData, match="does not name its obs"):
        read(path)


def _nullable(matrix: AnnData) -> AnnData:
    matrix.obs["batch"] = pd.array(["a", None, "b", "a", "b"], dtype="string")
    matrix.obs["age"] = pd.array([61, None, 50, 38, 72], dtype="Int64")
    matrix.obs["grade"] = pd.array([1, 2, 3, 1, 2], dtype="UInt8")
    matrix.obs["smoker"] = pd.array([True, None, False, True, True], dtype="boolean")
    matrix.obs["dose"] = pd.array([1.5, None, 2.0, 2.5, 0.0], dtype="Float64")
    matrix.obs["tissue"] = pd.Categorical(TISSUES, ["skin", "lung", "liver"], ordered=True)
    matrix.obs["plate"] = pd.Categorical([1, 2, 1, 2, 1])
    matrix.obs["weight"] = [1.5, np.nan, 2.5, 3.5, 4.5]
    return matrix


def test_every_kind_of_column_equals_what_anndata_reads(tmp_path: Path) -> None:
    path = tmp_path / "m.h5ad"
    matrix = _nullable(adata())
    del matrix.obs["dose"]  # this AnnData cannot write it
    with anndata.settings.override(allow_write_nullable_strings=True):
        matrix.write_h5ad(path)
    ours, theirs = read(path).obs, anndata.read_h5ad(path).obs
    assert set(ours) == set(theirs)
    for name in theirs:
        assert ours[name].isna().tolist() == theirs[name].isna().tolist(), name
        there = theirs[name].notna().to_numpy()
        pairs = zip(ours[name][there], theirs[name][there], strict=True)
        assert all(a == b or str(a) == str(b) for a, b in pairs), name
    read(path).write_h5ad(tmp_path / "again.h5ad")  # whatever arrives can be stored


def test_nullable_names(path: Path, tmp_path: Path) -> None:
    with h5py.File(path, "r+") as file:
        for axis in ("obs", "var"):
            values = file[f"{axis}/_index"][()]
            del file[f"{axis}/_index"]
            group = file.create_group(f"{axis}/_index")
            group.attrs["encoding-type"] = "nullable-string-array"
            group["values"], group["mask"] = values, np.zeros(len(values), bool)
    matrix = read(path)
    assert matrix.obs_names.tolist() == list(frame().index)
    assert matrix.var_names.tolist() == list(frame().columns)
    with h5py.File(path, "r+") as file:
        file["obs/_index/mask"][0] = True
    with pytest.raises(BadData, match="empty"):
        read(path)


def test_columns_left_out_are_named(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        file["obs/pair"] = np.zeros((5, 2))
        file["obs/short"] = [1, 2]
        file.create_group("var/nested")["more"] = [1]
    notes = " ".join(history(read(path))[0]["notes"])
    assert "Columns of obs that cannot be read here are left out: pair, short." in notes
    assert "Columns of var that cannot be read here are left out: nested." in notes


def test_other_matrices_are_named(path: Path, tmp_path: Path) -> None:
    matrix = adata()
    matrix.raw = matrix.copy()
    matrix.layers["counts"] = matrix.X
    matrix.write_h5ad(path)
    assert "not read: the layer counts and raw.X" in " ".join(history(read(path))[0]["notes"])
    with h5py.File(path, "r+") as file:
        del file["X"], file["layers"]
        file["X"] = h5py.Empty("f4")  # as AnnData from 0.13 on writes no matrix
    with pytest.raises(BadData, match=r"without X; it has raw\.X\. Choose .*adata\.X = adata\.raw\.X"):
        read(path)


SYMBOLS = list(frame().columns)


@pytest.mark.parametrize(
    ("index", "columns", "expected"),
    [
        (range(8), {"feature_name": SYMBOLS}, SYMBOLS),
        ([2, 3, 5, 8, 13, 21, 34, 55], {"gene_ids": [f"ENSG0000000000{i}" for i in range(8)]}, None),
        (range(8), {"chromosome": list("ABCDEFGH"), "anything": SYMBOLS}, SYMBOLS),
        (range(1, 9), {"Gene.Symbol": [*SYMBOLS[:7], ""]}, [*SYMBOLS[:7], "unnamed 8"]),
        (range(8), {"gene_symbols": [f"Olfr{i}x" for i in range(8)]}, [f"Olfr{i}x" for i in range(8)]),
    ],
)
def test_numbered_genes(tmp_path: Path, index: list[int], columns: dict, expected: list[str] | None) -> None:
    var = pd.DataFrame(columns, index=[str(i) for i in index])
    AnnData(frame().to_numpy(), obs=adata().obs, var=var).write_h5ad(tmp_path / "m.h5ad")
    (name,) = [name for name in columns if name != "chromosome"]
    assert read(tmp_path / "m.h5ad").var_names.tolist() == (expected or columns[name])


def test_entrez_genes_keep_their_names(tmp_path: Path) -> None:
    entrez = ["7157", "1956", "4609", "2597", "60", "672", "3845", "5728"]
    var = pd.DataFrame({"symbol": SYMBOLS}, index=entrez)
    AnnData(frame().to_numpy(), obs=adata().obs, var=var).write_h5ad(tmp_path / "m.h5ad")
    matrix = read(tmp_path / "m.h5ad")
    assert matrix.var_names.tolist() == entrez
    assert matrix.var["symbol"].tolist() == SYMBOLS


def test_many_objects_are_refused_at_once(path: Path) -> None:
    from dataclasses import replace

    from landmark.data.io.files import limits

    with h5py.File(path, "r+") as file:
        for i in range(300):
            file.create_group(f"uns/{i}")
    with pytest.raises(BadData, match="more than 200 objects"):
        read(path, replace(limits(), objects=200))
