"""Datasets merged on their common genes, and another platform on the distribution of the first."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData

from landmark.data import read
from landmark.data.gene_index import landmarks_present
from landmark.data.history import describe, fact, history, record
from landmark.data.sample_metadata import join, read_annotations
from landmark.data.split import annotation_kept_whole, assign_split, groups_kept_whole
from landmark.data.steps.genes import collapse_probes
from landmark.data.steps.merge import Merged, common_genes, merge, unique_titles
from landmark.data.steps.normalise import joined_quantiles, log2, quantile_normalise
from landmark.data.steps.stream import from_memory, in_memory
from landmark.errors import BadData
from tests.data.make import adata


def _set(samples: int, genes: list[str], seed: int, identifier: str = "symbol", unit: str = "") -> AnnData:
    matrix = adata(samples, genes, seed)
    describe(matrix, identifier=identifier, unit=unit, source=f"file {seed}", title=f"set {seed}")
    record(matrix, "Read", file=f"file {seed}")
    return matrix


def _merged(matrices: list[AnnData], titles: list[str], joint: bool = False) -> Merged:
    return merge([from_memory(matrix) for matrix in matrices], titles, joint)


def test_common_genes_keep_their_values_and_the_lost_are_counted() -> None:
    first = _set(3, ["TP53", "MYC", "EGFR", "KRAS"], 1)
    second = _set(2, ["KRAS", "PTEN", "TP53"], 2)
    found = _merged([first, second], ["Lung", "Skin"])
    matrix = in_memory(found.stream)
    assert matrix.var_names.tolist() == ["TP53", "KRAS"]
    np.testing.assert_array_equal(matrix.X[:3], first[:, ["TP53", "KRAS"]].X)
    np.testing.assert_array_equal(matrix.X[3:], second[:, ["TP53", "KRAS"]].X)
    for chosen in ([0], [4], [1, 3], [0, 2, 3, 4]):
        np.testing.assert_array_equal(found.stream.rows(np.array(chosen)), matrix.X[chosen])
    assert found.counts["lost"].tolist() == [2, 1]
    assert found.lost.to_numpy().tolist() == [["Lung", "MYC"], ["Lung", "EGFR"], ["Skin", "PTEN"]]
    assert matrix.obs["origin"].tolist() == ["Lung"] * 3 + ["Skin"] * 2
    steps = [step["step"] for step in history(matrix)]
    assert steps == ["Lung: Read", "Skin: Read", "Merged on common genes"]


def test_names_get_the_title_only_where_they_repeat() -> None:
    first, second = _set(3, ["TP53", "MYC"], 1), _set(2, ["MYC", "TP53"], 2)
    second.obs_names = ["S2", "other"]
    found = _merged([first, second], ["Lung", "Skin"])
    assert found.stream.about.obs_names.tolist() == ["S1", "Lung: S2", "S3", "Skin: S2", "other"]
    assert found.renamed == 2
    first.obs_names = ["Skin: S2", "S2", "S3"]
    names = _merged([first, second], ["Lung", "Skin"]).stream.about.obs_names
    assert names.is_unique


def test_annotations_stand_side_by_side(tmp_path: Path) -> None:
    first, second = _set(4, ["TP53", "MYC"], 1), _set(3, ["MYC", "TP53"], 2)
    first.obs["batch"], second.obs["batch"] = [1, 2, 1, 2], ["a", "b", "a"]
    first.obs["origin"] = pd.Categorical(["there"] * 4)
    second.obs["age"] = [50.0, 60.0, 70.0]
    for matrix in (first, second):
        assign_split(matrix, 0.3)
    found = in_memory(_merged([first, second], ["Lung", "Skin"]).stream)
    assert found.obs["batch"].tolist() == ["1", "2", "1", "2", "a", "b", "a"]
    assert found.obs["origin 2"].tolist() == ["Lung"] * 4 + ["Skin"] * 3
    assert found.obs["age"].isna().tolist() == [True] * 4 + [False] * 3
    assert found.obs["split"].tolist() == [*first.obs["split"], *second.obs["split"]]
    found.write_h5ad(tmp_path / "merged.h5ad")


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (
            _set(2, ["7157", "4609"], 2, "entrez"),
            "Entrez gene identifiers.*Bring all datasets to gene symbols",
        ),
        (_set(2, ["PTEN", "KRAS"], 2), "0 genes in common"),
        (_set(2, ["TP53", "MYC"], 2, unit="z-score per sample"), "z-score per sample.*Prepare them alike"),
    ],
)
def test_what_does_not_go_together_is_refused(second: AnnData, words: str) -> None:
    with pytest.raises(BadData, match=words):
        _merged([_set(3, ["TP53", "MYC"], 1, unit="log2 expression"), second], ["Lung", "Skin"])


def test_logged_and_unlogged_values_need_joint_normalisation() -> None:
    first = _set(6, ["TP53", "MYC", "KRAS"], 1, unit="log2 expression")
    second = _set(4, ["KRAS", "TP53", "MYC"], 2)
    ranks = second[:, first.var_names].X.argsort(axis=1)
    second.X = 2**second.X
    with pytest.raises(BadData, match=r"'Skin' is not logged.*Take log2 of 'Skin'"):
        _merged([first, second], ["Lung", "Skin"])
    found = in_memory(_merged([first, second], ["Lung", "Skin"], joint=True).stream)
    np.testing.assert_array_equal(found.X[:6], first.X)
    np.testing.assert_allclose(
        np.sort(found.X[6:], axis=1), np.tile(np.sort(first.X, axis=1).mean(axis=0), (4, 1)), rtol=1e-6
    )
    assert np.array_equal(found.X[6:].argsort(axis=1), ranks)
    assert fact(found, "unit") == "log2 expression"


def test_a_platform_keeps_its_ranks_on_the_distribution_of_the_first() -> None:
    genes = [f"G{i}" for i in range(300)]
    first, other = _set(8, genes, 1), _set(5, genes, 2)
    first = in_memory(quantile_normalise(from_memory(first), 4, 15))
    before = other.X.copy()
    [joined] = joined_quantiles(from_memory(first), [from_memory(other)])
    moved = in_memory(joined)
    np.testing.assert_allclose(np.sort(moved.X, axis=1), np.sort(first.X, axis=1)[:5], atol=1e-5)
    assert np.array_equal(moved.X.argsort(axis=1), before.argsort(axis=1))
    assert history(moved)[-1]["onto"] == "set 1"
    with pytest.raises(BadData, match="same genes"):
        joined_quantiles(from_memory(first), [from_memory(other[:, ::-1].copy())])


def test_names_and_titles() -> None:
    assert unique_titles(["Lung", "Lung", "Skin"]) == ["Lung", "Lung 2", "Skin"]
    assert common_genes([["B", "A", "C"], ["A", "B"], ["B", "A", "D"]]) == ["B", "A"]


FOUR = {"bladder": "rma.csv", "chowdary": "mas5.tsv", "borovecki": "mas5.tsv", "lukk": "rma_24.tsv"}


def test_the_four_arrays_merge_and_hold_all_landmark_genes(shared: Path) -> None:
    matrices = []
    for name, ending in FOUR.items():
        matrix = read(shared / "data" / f"{name}_hgu133a_{ending}.gz")
        join(matrix, read_annotations(shared / "data" / f"{name}_hgu133a_samples.csv"))
        if "mas5" in ending:
            matrix = in_memory(log2(from_memory(matrix)))
        matrices.append(matrix)
    found = _merged(matrices, list(FOUR))
    matrix = in_memory(found.stream)
    assert matrix.shape == (216, 22_283)
    assert found.counts["lost"].tolist() == [0, 0, 0, 0]
    assert landmarks_present(matrix.var_names, "hgu133a_probe") == 978
    genes = collapse_probes(from_memory(matrix))
    assert landmarks_present(genes.about.var_names, "symbol") == 978


def test_groups_that_both_splits_keep_together_stay_known() -> None:
    parts = []
    for seed in (0, 1):
        matrix = adata(12)
        matrix.obs_names = [f"{seed}-{number}" for number in range(12)]
        matrix.obs["patient"] = [f"{seed}-{number // 2}" for number in range(12)]
        describe(matrix, identifier="symbol", title=f"part {seed}")
        assign_split(matrix, 0.3, seed, "patient")
        parts.append(matrix)
    merged = merge([from_memory(part) for part in parts], ["a", "b"]).stream.about
    assert annotation_kept_whole(merged) == "patient"
    assert len(set(groups_kept_whole(merged))) == 12
    assign_split(parts[1], 0.3, 1)
    assert annotation_kept_whole(merge([from_memory(part) for part in parts], ["a", "b"]).stream.about) == ""
