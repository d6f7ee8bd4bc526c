import builders
import pytest
from opened import opened, words

from landmark.ui.panels import clusters


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
    monkeypatch.setattr(clusters, "start", lambda kind, values: asked.update({kind: values}))
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
    assert "adjusted Rand index of 0.82" in words(page)
    assert "PCA 10 0.78" in words(page)


def test_ward_with_a_wrong_distance_is_refused_in_a_sentence(home, model):
    page = opened("samples/clusters.py")
    page.selectbox(key="cluster-linkage").set_value("ward")
    next(button for button in page.button if button.label == "Cluster the samples").click().run()
    assert "ward linkage needs the euclidean distance" in page.error[0].value


def test_a_failed_clustering_says_why(home, model):
    builders.stopped(home, "cluster", {"model": model.id}, "The samples have no annotation.")
    assert "The samples have no annotation." in words(opened("samples/clusters.py"))
