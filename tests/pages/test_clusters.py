"""The page of clusters: what it asks for, agreement with labels, another cut of the tree, one cluster."""

import pandas as pd
import pytest

from landmark.analyses.clusters import view as clusters_view
from landmark.store.runs import Run
from landmark.wording import counted
from tests.pages.opened import button, opened, press, sound, table, words
from tests.pages.stored import stopped
from tests.real_runs import altered

PAGE = "samples/clusters.py"


@pytest.fixture
def run(real) -> Run:
    return real("cluster")


def test_without_a_model_it_leads_to_the_training(home):
    assert [button.label for button in opened(PAGE).button] == ["Train the network"]


def test_label_and_groups_are_offered_with_their_numbers(real, asked):
    real("train")
    data = real.dataset()
    page = opened(PAGE)
    page.selectbox(key=f"cluster-label-{data.id}").set_value("tissue").run()
    groups = page.multiselect(key=f"cluster-groups-{data.id}-tissue")
    assert sorted(groups.options) == ["blood (20)", "lung (20)", "skin (20)"]
    groups.set_value(["lung", "skin"])
    press(page, "Cluster the samples")
    [(_, values)] = asked
    assert (values["label"], values["groups"]) == ("tissue", ["lung", "skin"])


def test_of_very_many_samples_it_says_that_some_are_drawn(run):
    altered(run, metrics={"drawn_from": 12_000, "samples": 5_000})
    said = words(sound(PAGE))
    assert "take part, of which 5,000, drawn at random, are shown: a tree of more could not be read." in said


def test_samples_of_another_dataset_can_be_asked_for(real, asked):
    real("train")
    data, other = real.dataset(), real.dataset("import other")
    page = opened(PAGE, dataset=data.id)
    page.selectbox(key=f"cluster-dataset-{data.id}").set_value(other.id).run()
    press(page, "Cluster the samples")
    [(_, values)] = asked
    assert (values["dataset"], values["scaling"]) == (other.id, "model")


def test_it_answers_with_the_agreement_beside_others(run):
    said = words(sound(PAGE))
    agreement = run.table("agreement").set_index("representation")["adjusted_rand"]
    assert f"adjusted Rand index of **{agreement['bottleneck']:.2f}**" in said
    assert f"PCA 4 {agreement['PCA 4']:.2f}" in said


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


def test_the_table_of_labels_and_clusters_counts_every_sample(run):
    shown = table(opened(PAGE), "Cluster 1")
    assert set(shown["label"]) == {"blood", "lung", "skin"}
    assert shown.drop(columns="label").to_numpy().sum() == run.manifest.metrics["samples"] == 60


def test_ward_with_a_wrong_distance_is_refused_in_a_sentence(real):
    real("train")
    page = opened(PAGE)
    page.selectbox(key="cluster-linkage").set_value("ward")
    button(page, "Cluster the samples").click().run()
    assert "ward linkage needs the euclidean distance" in page.error[0].value


def test_a_failed_clustering_says_why(real, home):
    stopped(home, "cluster", {"model": real("train").id}, "The samples have no annotation.")
    assert "The samples have no annotation." in words(opened(PAGE))


def test_the_tree_is_cut_elsewhere_without_a_job(run):
    run = altered(run, metrics={"missing_genes": 2, "missing_first": ["A1", "B2"]})
    page = sound(PAGE)
    assert "lacks 2 of the 80 genes" in page.info[0].value
    cuts = run.table("cuts")
    best = counted(cuts["clusters"][cuts["silhouette"].idxmax()], "cluster")
    assert f"furthest apart with {best}" in words(page)
    page.slider(key=f"cut-{run.id}").set_value(5).run()
    assert not page.error
    assert page.query_params["clusters"] == "5"
    assert page.selectbox(key=f"look-into-{run.id}-5").options == [f"Cluster {n}" for n in range(1, 6)]
    assert button(page, "Ask DeepLIFT what sets each of these 5 clusters apart")
    page.toggle(key=f"cut-by-height-{run.id}").set_value(True).run()
    page.slider(key=f"cut-height-{run.id}").set_value(page.slider(key=f"cut-height-{run.id}").max).run()
    assert page.query_params["clusters"] == "1"


def test_a_cluster_has_samples_units_and_genes(run):
    page = opened(PAGE)
    page.selectbox(key=f"look-into-{run.id}-3").set_value("2").run()
    assert not page.error
    said = words(page)
    inside = run.table("embedding").query("cluster == 2")["label"].value_counts()
    assert f"{counted(inside.sum(), 'sample')} of 60: {inside.index[0]} {inside.iloc[0]}" in said
    assert "sets them apart most" in said
    first = run.table("drivers").query("cluster == 2 and rank == 1")["gene"].iloc[0]
    assert f"*{first}*" in said
    assert button(page, "What do these genes do?")


def test_samples_without_labels_have_no_agreement(run):
    measured = ("adjusted_rand", "silhouette", "accuracy", "mutual")
    altered(
        run,
        metrics={"label": "", "groups": [], "held_out_samples": 0},
        tables={
            "embedding": run.table("embedding").assign(label=""),
            "cuts": run.table("cuts").drop(columns="adjusted_rand"),
        },
        without=[
            "agreement",
            *(name for name in run.manifest.metrics if any(one in name for one in measured)),
        ],
    )
    said = words(sound(PAGE))
    assert "no labels to compare with; 3 clusters of 60 samples are shown" in said
    assert "The silhouette proposes 2 clusters" in said
