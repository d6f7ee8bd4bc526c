"""Clustered samples open in AnnData and in Scanpy."""

import subprocess
import sys

import anndata
import numpy as np
import pandas as pd
import pytest

from landmark.analyses.clusters.export import export_embedding
from landmark.errors import BadRun
from landmark.store.datasets import DatasetStore
from landmark.store.request import now

PLOT = """
import sys
import matplotlib
matplotlib.use("Agg")
import scanpy
matrix = scanpy.read_h5ad(sys.argv[1])
figure = scanpy.pl.umap(matrix, color=["label", "cluster", "EGFR"], show=False, return_fig=True)
assert len(figure.axes) >= 3
dots = figure.axes[0].collections[0].get_offsets()
assert dots.shape == (4, 2), dots.shape
scanpy.pl.embedding(matrix, "autoencoder", color="cluster", show=False)
"""


@pytest.fixture
def cluster(home, matrix, publish):
    """Publish a clustering of four of the six samples, in another order than the dataset's."""
    matrix.obs["cluster"] = ["a", "b"] * 3
    data = DatasetStore(home).add(matrix, now())
    samples = ["s5", "s0", "s3", "s2"]
    embedding = pd.DataFrame(
        {
            "sample": samples,
            "umap_1": np.arange(4.0),
            "umap_2": np.arange(4.0) + 4,
            "pca_1": 1.0,
            "pca_2": 2.0,
            "cluster": [1, 2, 1, 1],
            "label": ["skin", "lung", "skin", "lung"],
        }
    )
    bottleneck = pd.DataFrame({"sample": samples[::-1], "unit_0": np.arange(4.0), "unit_1": 1.0})
    parents = {"dataset": data.id, "train": "train-0"}
    return publish("cluster", parents, embedding=embedding, bottleneck=bottleneck)


def test_all_of_it_opens_in_anndata(home, matrix, cluster, tmp_path):
    back = anndata.read_h5ad(export_embedding(home, cluster, tmp_path / "embedding.h5ad"))
    assert list(back.obs_names) == ["s5", "s0", "s3", "s2"]
    np.testing.assert_array_equal(back.X, matrix[back.obs_names].X)
    np.testing.assert_array_equal(back.obsm["X_autoencoder"][:, 0], [3, 2, 1, 0])
    np.testing.assert_array_equal(back.obsm["X_umap"], [[0, 4], [1, 5], [2, 6], [3, 7]])
    np.testing.assert_array_equal(back.obsm["X_pca"], [[1, 2]] * 4)
    assert list(back.obs["label"]) == ["skin", "lung", "skin", "lung"]
    assert list(back.obs["cluster"]) == ["1", "2", "1", "1"]
    assert list(back.obs["cluster_annotation"]) == ["b", "a", "b", "a"]
    assert list(back.obs["tissue"]) == ["skin", "lung", "skin", "lung"]
    assert "score" not in back.var
    about = back.uns["landmark"]
    assert (about["run"], about["train"]) == (cluster.id, "train-0")


def test_genes_have_their_scores_where_they_were_ranked(home, cluster, publish, tmp_path):
    ranking = pd.DataFrame({"gene": ["MYC", "TP53", "EGFR"], "score": [3.0, 2.0, 1.0], "rank": [1, 2, 3]})
    run = publish("rank", {"train": "train-0"}, {"cut": 2}, ranking=ranking)
    back = anndata.read_h5ad(export_embedding(home, cluster, tmp_path / "embedding.h5ad"))
    assert back.var.loc[["TP53", "EGFR", "MYC"], "rank"].tolist() == [2, 3, 1]
    assert back.var["score"].tolist() == [2, 1, 3]
    assert back.var["chosen"].tolist() == [True, False, True]
    assert back.uns["landmark"]["rank"] == run.id


def test_scanpy_plots_it(home, cluster, tmp_path):
    path = export_embedding(home, cluster, tmp_path / "embedding.h5ad")
    # in a process of its own: what Scanpy warns of when it is imported is not ours to mend
    done = subprocess.run([sys.executable, "-c", PLOT, path], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_only_a_cluster_run_has_an_embedding(home, publish, tmp_path):
    with pytest.raises(BadRun, match="only a cluster run"):
        export_embedding(home, publish("train"), tmp_path / "x.h5ad")
