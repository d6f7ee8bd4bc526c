"""Samples of any dataset in the bottleneck of a small trained network."""

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy.cluster import hierarchy

from landmark.analyses.clusters import run as clusters_run
from landmark.errors import BadData
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now

GENES = [f"GENE{i}" for i in range(40)]


def write(path, genes=GENES, labelled=True, seed=0):
    """Write a matrix of three kinds of samples that half of the genes tell apart."""
    rng = np.random.default_rng(seed)
    kind = np.arange(60) % 3
    X = rng.normal(size=(60, 40))
    X[:, :20] += 3 * np.random.default_rng(9).normal(size=(3, 20))[kind]
    obs = pd.DataFrame(index=[f"{seed}-{i}" for i in range(60)])
    if labelled:
        obs["kind"] = np.array(["one", "two", "three"])[kind]
    matrix = anndata.AnnData(X[:, : len(genes)].astype("f"), obs=obs, var=pd.DataFrame(index=list(genes)))
    matrix.write_h5ad(path)
    return str(path)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return Workspace(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def model(home, tmp_path_factory):
    file = write(tmp_path_factory.mktemp("data") / "trained.h5ad")
    imported = execute_now(home, "import", {"path": file})
    network = {"epochs": 100, "hidden": 32, "bottleneck": 10, "learning_rate": 0.01}
    return execute_now(home, "train", {"dataset": imported.manifest.parents["dataset"], "network": network})


@pytest.fixture(autouse=True)
def _quick_umap(monkeypatch):
    """Leave UMAP out, which compiles for seconds and has tests of its own."""
    monkeypatch.setattr(clusters_run, "umap_coordinates", lambda values, **_: values[:, :2])


def imported(home, path):
    return execute_now(home, "import", {"path": path}).manifest.parents["dataset"]


def test_its_own_samples(home, model):
    run = execute_now(home, "cluster", {"model": model.id})
    found, embedding = run.manifest.metrics, run.table("embedding")
    assert found["label"] == "kind"
    assert (found["clusters"], found["samples"], found["missing_genes"]) == (3, 60, 0)
    assert found["adjusted_rand"] > 0.8
    assert found["held_out_accuracy"] > 0.8
    assert found["held_out_adjusted_rand"] > 0.5
    assert list(embedding) == [
        "sample", "umap_1", "umap_2", "cluster", "label", "pca_1", "pca_2", "split",
    ]  # fmt: skip
    units = run.table("bottleneck").drop(columns="sample").to_numpy(np.float64)
    theirs = hierarchy.linkage(units, "average", "correlation")
    np.testing.assert_allclose(run.table("linkage").to_numpy(), theirs, atol=1e-6)
    cuts = run.table("cuts")
    assert cuts["clusters"].tolist() == list(range(2, 21))
    assert cuts["clusters"][cuts["adjusted_rand"].idxmax()] == 3
    drivers = run.table("drivers")
    assert set(drivers["cluster"]) == {1, 2, 3}
    # half of the genes tell the kinds apart
    best = drivers[drivers["rank"] <= 10]
    assert best["gene"].isin(GENES[:20]).mean() > 0.8
    again = execute_now(home, "cluster", {"model": model.id})
    for name in run.tables():
        pd.testing.assert_frame_equal(run.table(name), again.table(name))


def test_another_dataset_that_lacks_genes(home, model, tmp_path):
    other = imported(home, write(tmp_path / "other.h5ad", GENES[:35], seed=1))
    run = execute_now(home, "cluster", {"model": model.id, "dataset": other})
    found = run.manifest.metrics
    assert (found["missing_genes"], found["missing_first"]) == (5, GENES[35:])
    assert run.manifest.parents == {"dataset": other, "train": model.id}
    assert found["adjusted_rand"] > 0.8
    assert "held_out_accuracy" not in found
    assert run.table("agreement")["held_out_accuracy"].isna().all()
    with pytest.raises(BadData, match="lacks 5 of the 40 genes"):
        execute_now(home, "cluster", {"model": model.id, "dataset": other, "most_missing": 0.1})


def test_another_unit_is_bridged_by_the_datasets_own_scale(home, model, tmp_path):
    file = tmp_path / "scaled.h5ad"
    write(file, seed=2)
    matrix = anndata.read_h5ad(file)
    matrix.X = 50 + 7 * matrix.X
    matrix.write_h5ad(file)
    run = execute_now(
        home, "cluster", {"model": model.id, "dataset": imported(home, str(file)), "scaling": "dataset"}
    )
    assert run.manifest.metrics["adjusted_rand"] > 0.8


def test_samples_without_labels_are_clustered_too(home, model, tmp_path):
    other = imported(home, write(tmp_path / "plain.h5ad", labelled=False, seed=3))
    run = execute_now(home, "cluster", {"model": model.id, "dataset": other})
    found, cuts = run.manifest.metrics, run.table("cuts")
    assert found["label"] == ""
    assert "adjusted_rand" not in found
    assert found["clusters"] == cuts["clusters"][cuts["silhouette"].idxmax()]
    assert "agreement" not in run.tables()
    assert list(cuts) == ["clusters", "height", "silhouette"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"label": "tissue"}, "no annotation 'tissue'. Choose from: kind"),
        ({"label": "kind", "groups": ["four"]}, "No sample has kind = 'four'"),
    ],
)
def test_labels_that_are_not_there_are_refused(home, model, values, message):
    with pytest.raises(BadData, match=message):
        execute_now(home, "cluster", {"model": model.id, **values})
