"""Exports open in the programs they are made for, and run nothing there."""

import anndata
import numpy as np
import pandas as pd
import pytest

from landmark.errors import BadRun
from landmark.runs.export import export_embedding, export_table, without_formulas


def test_a_table_opens_in_pandas(publish, tmp_path):
    ranking = pd.DataFrame({"gene": ["TP53", "HLA-A"], "score": [0.5, -0.25], "rank": [1, 2]})
    path = export_table(publish("rank", ranking=ranking), "ranking", tmp_path)
    assert path == tmp_path / "ranking.csv"
    pd.testing.assert_frame_equal(pd.read_csv(path), ranking)


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-1 plus 2", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
@pytest.mark.parametrize("dtype", [object, "string", "category"])
def test_no_text_is_taken_for_a_formula(text, dtype):
    table = pd.DataFrame({"gene": pd.Series([text, "A-B=C"], dtype=dtype), "score": [-1.5, 2.0]})
    safe = without_formulas(table)
    assert list(safe["gene"]) == ["'" + text, "A-B=C"]
    assert list(safe["score"]) == [-1.5, 2.0]
    assert table["gene"].iloc[0] == text


def test_a_name_of_a_column_is_a_text_too():
    assert list(without_formulas(pd.DataFrame({"=A1": [1], "mae": [2]})).columns) == ["'=A1", "mae"]


def test_missing_texts_stay_missing():
    safe = without_formulas(pd.DataFrame({"label": ["=x", None]}))
    assert safe["label"].isna().tolist() == [False, True]


def test_an_embedding_opens_in_anndata(publish, tmp_path):
    samples = ["a", "b", "c"]
    embedding = pd.DataFrame(
        {
            "sample": samples,
            "umap_1": [0.0, 1.0, 2.0],
            "umap_2": [3.0, 4.0, 5.0],
            "cluster": [1, 2, 1],
            "label": ["lung", "skin", "lung"],
        }
    )
    bottleneck = pd.DataFrame({"sample": samples[::-1], "unit_0": [3.0, 2.0, 1.0], "unit_1": [6.0, 5.0, 4.0]})
    run = publish(
        "cluster", {"dataset": "abc", "train": "train-0"}, embedding=embedding, bottleneck=bottleneck
    )
    back = anndata.read_h5ad(export_embedding(run, tmp_path / "embedding.h5ad"))
    np.testing.assert_array_equal(back.X, [[1, 4], [2, 5], [3, 6]])
    np.testing.assert_array_equal(back.obsm["X_autoencoder"], back.X)
    np.testing.assert_array_equal(back.obsm["X_umap"], [[0, 3], [1, 4], [2, 5]])
    assert list(back.obs_names) == samples
    assert list(back.var_names) == ["unit_0", "unit_1"]
    assert list(back.obs["label"]) == ["lung", "skin", "lung"]
    assert list(back.obs["cluster"]) == ["1", "2", "1"]
    assert back.uns["landmark"] == {"run": run.id, "dataset": "abc", "train": "train-0"}


def test_only_a_cluster_run_has_an_embedding(publish, tmp_path):
    with pytest.raises(BadRun, match="only a cluster run"):
        export_embedding(publish("train"), tmp_path / "x.h5ad")
