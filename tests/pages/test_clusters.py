import builders
import pandas as pd
import pytest
from opened import opened, words

from landmark.analyses.clusters import view as clusters_view
from landmark.ui import run_form


@pytest.fixture
def data(home):
    return builders.dataset(home)


@pytest.fixture
def model(home, data):
    return builders.train(home, data)


def test_without_a_model_it_leads_to_the_training(home):
    assert [button.label for button in opened("samples/clusters.py").button] == ["Train the network"]


def test_label_and_groups_are_offered_with_their_numbers(home, data, model, monkeypatch):
    asked = {}
    monkeypatch.setattr(run_form, "start", lambda kind, values: asked.update({kind: values}))
    page = opened("samples/clusters.py")
    page.selectbox(key=f"cluster-label-{data.id}").set_value("tissue").run()
    groups = page.multiselect(key=f"cluster-groups-{data.id}-tissue")
    assert sorted(groups.options) == ["blood (10)", "lung (10)", "skin (10)"]
    groups.set_value(["lung", "skin"])
    next(button for button in page.button if button.label == "Cluster the samples").click().run()
    assert not page.exception
    assert asked["cluster"]["groups"] == ["lung", "skin"]
    assert asked["cluster"]["label"] == "tissue"


def test_it_answers_with_the_agreement_beside_others(home, data, model):
    builders.cluster(home, data, model)
    page = opened("samples/clusters.py")
    assert not page.exception
    assert not page.error
    assert "adjusted Rand index of **0.82**" in words(page)
    assert "PCA 10 0.78" in words(page)


def test_labels_that_no_cluster_stands_for_are_named():
    embedding = pd.DataFrame(
        {"label": ["LUAD"] * 10 + ["LUSC"] * 3 + [""] * 2, "cluster": [1] * 12 + [2] * 3}
    )
    table = clusters_view.contingency_table(embedding)
    assert table.loc["LUSC"].tolist() == [2, 1]
    assert table.loc["not labelled"].tolist() == [0, 2]
    said = clusters_view.found_labels(table)
    assert (
        said == "No cluster stands for **LUSC** (3 samples, 2 of them in cluster 1, most of which are LUAD)."
    )
    assert "Every label" in clusters_view.found_labels(table.drop("LUSC"))


def test_the_table_of_labels_and_clusters_counts_every_sample(home, data, model):
    run = builders.cluster_in_full(home, data, model)
    page = opened("samples/clusters.py")
    table = next(frame.value for frame in page.dataframe if "Cluster 1" in frame.value)
    assert set(table["label"]) == {"blood", "lung", "skin"}
    assert table.drop(columns="label").to_numpy().sum() == run.manifest.metrics["samples"]


def test_ward_with_a_wrong_distance_is_refused_in_a_sentence(home, model):
    page = opened("samples/clusters.py")
    page.selectbox(key="cluster-linkage").set_value("ward")
    next(button for button in page.button if button.label == "Cluster the samples").click().run()
    assert "ward linkage needs the euclidean distance" in page.error[0].value


def test_a_failed_clustering_says_why(home, model):
    builders.stopped(home, "cluster", {"model": model.id}, "The samples have no annotation.")
    assert "The samples have no annotation." in words(opened("samples/clusters.py"))


def test_the_tree_is_cut_elsewhere_without_a_job(home, data, model):
    run = builders.cluster_in_full(home, data, model)
    page = opened("samples/clusters.py")
    assert not page.error
    assert "lacks 2 of the 40 genes" in page.info[0].value
    assert "furthest apart with 3 clusters" in words(page)
    page.slider(key=f"cut-{run.id}").set_value(5).run()
    assert not page.error
    assert page.query_params["clusters"] == "5"
    assert page.selectbox(key=f"look-into-{run.id}-5").options == [f"Cluster {n}" for n in range(1, 6)]
    assert "Ask DeepLIFT what sets each of these 5 clusters apart" in [button.label for button in page.button]
    page.toggle(key=f"cut-by-height-{run.id}").set_value(True).run()
    page.slider(key=f"cut-height-{run.id}").set_value(page.slider(key=f"cut-height-{run.id}").max).run()
    assert page.query_params["clusters"] == "1"


def test_a_cluster_has_samples_units_and_genes(home, data, model):
    run = builders.cluster_in_full(home, data, model)
    page = opened("samples/clusters.py")
    page.selectbox(key=f"look-into-{run.id}-3").set_value("2").run()
    assert not page.error
    text = words(page)
    assert "10 samples of 30: lung 10." in text
    assert "sets them apart most" in text
    fifth = builders.symbols(40)[5]
    assert f"*{fifth}*" in text, "the first gene that drives cluster 2"
    assert "What do these genes do?" in [button.label for button in page.button]


def test_samples_of_another_dataset_can_be_asked_for(home, data, model, monkeypatch):
    other = builders.dataset(home, samples=33, title="Others")
    asked = {}
    monkeypatch.setattr(run_form, "start", lambda kind, values: asked.update({kind: values}))
    page = opened("samples/clusters.py", dataset=data.id)
    page.selectbox(key=f"cluster-dataset-{data.id}").set_value(other.id).run()
    next(button for button in page.button if button.label == "Cluster the samples").click().run()
    assert asked["cluster"]["dataset"] == other.id
    assert asked["cluster"]["scaling"] == "model"


def test_samples_without_labels_have_no_agreement(home, data, model):
    full = builders.cluster_in_full(home, data, model)
    tables = {name: full.table(name) for name in full.tables() if name != "agreement"}
    tables["cuts"] = tables["cuts"].drop(columns="adjusted_rand")
    tables["embedding"]["label"] = ""
    metrics = {"label": "", "groups": [], "samples": 30, "held_out_samples": 0, "clusters": 3}
    run = builders.publish(home, "cluster", {"model": model.id}, dict(full.manifest.parents), metrics, tables)
    page = opened("samples/clusters.py", run=run.id)
    assert not page.error
    assert "no labels to compare with; 3 clusters of 30 samples are shown" in words(page)
    assert "The silhouette proposes 3 clusters" in words(page)
