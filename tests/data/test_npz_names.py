"""NumPy archives: which list names what, and what the others are."""

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from landmark.data import read
from landmark.errors import BadData
from tests.data.make import GENES, frame

X = frame().to_numpy()
SAMPLES = list(frame().index)
TISSUES = ["lung", "liver", "lung", "skin", "lung"]


@pytest.mark.parametrize(
    ("lists", "facts"),
    [
        ({"samples": SAMPLES, "genes": GENES, "labels": TISSUES}, {"labels": TISSUES}),
        ({"sample_type": TISSUES, "sample_ids": SAMPLES, "gene_names": GENES}, {"sample_type": TISSUES}),
        ({"obs_names": SAMPLES, "var_names": GENES, "y": [0, 1, 0, 1, 1]}, {"y": [0, 1, 0, 1, 1]}),
        (
            {"patients": SAMPLES, "features": GENES, "age": [61.5, 40, 50, 38, 72]},
            {"age": [61.5, 40, 50, 38, 72]},
        ),
        ({"a": SAMPLES, "b": GENES}, {}),
    ],
)
def test_lists_by_their_names(tmp_path: Path, lists: dict, facts: dict) -> None:
    np.savez(tmp_path / "m.npz", X=X, **lists)
    matrix = read(tmp_path / "m.npz")
    assert matrix.obs_names.tolist() == SAMPLES
    assert matrix.var_names.tolist() == GENES
    assert {name: matrix.obs[name].tolist() for name in matrix.obs} == facts


def test_genes_in_rows_and_facts_of_genes(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", X=X.T, samples=SAMPLES, genes=GENES, chromosome=list("12345678"))
    matrix = read(tmp_path / "m.npz")
    assert np.array_equal(matrix.X, X)
    assert matrix.var["chromosome"].tolist() == list("12345678")


def test_square_with_labels(tmp_path: Path) -> None:
    table = frame(8)
    np.savez(tmp_path / "m.npz", X=table, genes=GENES, samples=list(table.index), kind=list("aabbccdd"))
    matrix = read(tmp_path / "m.npz")
    assert matrix.var_names.tolist() == GENES
    assert matrix.obs["kind"].tolist() == list("aabbccdd")


def test_entrez_numbers(tmp_path: Path) -> None:
    entrez = np.array([7157, 1956, 4609, 2597, 60, 672, 3845, 5728])
    np.savez(tmp_path / "m.npz", X=X, samples=SAMPLES, genes=entrez)
    assert read(tmp_path / "m.npz", genes_in="columns").var_names.tolist() == list(map(str, entrez))


@pytest.mark.parametrize(
    "lists",
    [
        {"samples": SAMPLES},
        {"a": SAMPLES, "b": TISSUES, "genes": GENES},
        {"y": [0, 1, 0, 1, 1], "genes": GENES},
        {"samples": SAMPLES, "genes": np.arange(8.0)},
    ],
)
def test_lists_that_leave_it_open(tmp_path: Path, lists: dict) -> None:
    np.savez(tmp_path / "m.npz", X=X, **lists)
    with pytest.raises(BadData, match="should hold two lists of names"):
        read(tmp_path / "m.npz")


@pytest.mark.parametrize("kind", [sparse.csr_matrix, sparse.csc_array])
def test_sparse_matrices_are_named(tmp_path: Path, kind: type) -> None:
    sparse.save_npz(tmp_path / "m.npz", kind(X))
    with pytest.raises(BadData, match=r"sparse matrix of SciPy.*numpy\.savez"):
        read(tmp_path / "m.npz")
