import numpy as np
import pytest
from sklearn import metrics
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier

from landmark.embedding.agreement import agreement_table, representations
from landmark.embedding.clustering import grow_tree
from landmark.errors import BadData


def test_measures_equal_those_of_scikit_learn(groups):
    values, labels = groups
    noisy = values + np.random.default_rng(0).normal(scale=1.5, size=values.shape).astype("f")
    row = agreement_table({"noisy": noisy}, labels, clusters=4).iloc[0]
    found = grow_tree(noisy).cut(4)
    assert row["adjusted_rand"] == pytest.approx(metrics.adjusted_rand_score(labels, found))
    assert row["mutual_information"] == pytest.approx(metrics.normalized_mutual_info_score(labels, found))
    silhouette = metrics.silhouette_score(noisy.astype(np.float64), labels, metric="correlation")
    assert row["silhouette"] == pytest.approx(silhouette)
    neighbour = KNeighborsClassifier(1, metric="correlation", algorithm="brute")
    predicted = cross_val_predict(neighbour, noisy.astype(np.float64), labels, cv=LeaveOneOut())
    assert row["neighbour_accuracy"] == pytest.approx(metrics.balanced_accuracy_score(labels, predicted))
    assert 0 < row["neighbour_accuracy"] < 1


def test_separate_groups_agree_and_shuffled_labels_are_chance(groups):
    values, labels = groups
    table = agreement_table({"bottleneck": values, "all genes": values[:, :15]}, labels)
    assert list(table) == [
        "representation",
        "adjusted_rand",
        "mutual_information",
        "silhouette",
        "neighbour_accuracy",
    ]
    assert table["representation"].tolist() == ["bottleneck", "all genes", "permuted labels"]
    assert table["adjusted_rand"][0] == table["neighbour_accuracy"][0] == pytest.approx(1)
    chance = table.iloc[2]
    assert abs(chance["adjusted_rand"]) < 0.1
    assert chance["neighbour_accuracy"] == pytest.approx(1 / 3, abs=0.1)
    assert chance["silhouette"] < 0.05


def test_a_seed_repeats_the_permutations(groups):
    values, labels = groups
    first, second, other = (agreement_table({"x": values}, labels, seed=seed) for seed in (1, 1, 2))
    assert first.equals(second)
    assert not first.equals(other)


def test_principal_components_come_from_the_training_samples():
    rng = np.random.default_rng(0)
    train, samples = rng.normal(size=(30, 50)).astype("f"), rng.normal(size=(7, 50)).astype("f")
    found = representations(np.ones((7, 3)), train, samples, 3)
    assert list(found) == ["bottleneck", "PCA 3", "all genes"]
    one_by_one = representations(np.ones((1, 3)), train, samples[:1], 3)["PCA 3"]
    np.testing.assert_allclose(found["PCA 3"][:1], one_by_one, atol=1e-5)
    assert list(representations(np.ones((7, 100)), train, samples, 100))[1] == "PCA 30"


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["a", None, "b", "a"], "1 of 4 samples have no label"),
        (["a"] * 4, "1 different"),
        (list("abcd"), "4 different"),
        (["a", "b", "a"], "3 labels"),
    ],
)
def test_labels_that_cannot_be_compared_are_refused(labels, message):
    values = np.random.default_rng(0).normal(size=(4, 6))
    with pytest.raises(BadData, match=message):
        agreement_table({"x": values}, labels)
