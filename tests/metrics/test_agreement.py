import numpy as np
import pytest
from sklearn import metrics
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier

from landmark.errors import BadData
from landmark.metrics.agreement import MEASURES, agreement_table, representations
from landmark.metrics.clusters import grow_tree


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
    columns = [f"{measure}{part}" for measure in MEASURES for part in ("", "_low", "_high")]
    assert list(table) == ["representation", *columns]
    assert table["representation"].tolist() == ["bottleneck", "all genes", "permuted labels"]
    assert table["adjusted_rand"][0] == table["neighbour_accuracy"][0] == pytest.approx(1)
    chance = table.iloc[2]
    assert abs(chance["adjusted_rand"]) < 0.1
    assert chance["neighbour_accuracy"] == pytest.approx(1 / 3, abs=0.1)
    assert chance["silhouette"] < 0.05


def test_held_out_samples_are_told_by_their_nearest_training_sample(groups):
    values, labels = groups
    noisy = values + np.random.default_rng(1).normal(scale=1.5, size=values.shape).astype("f")
    held_out = np.arange(60) % 3 == 0
    row = agreement_table({"x": noisy}, labels, held_out=held_out).iloc[0]
    neighbour = KNeighborsClassifier(1, metric="correlation", algorithm="brute")
    neighbour.fit(noisy[~held_out].astype(np.float64), labels[~held_out])
    predicted = neighbour.predict(noisy[held_out].astype(np.float64))
    expected = metrics.balanced_accuracy_score(labels[held_out], predicted)
    assert row["held_out_accuracy"] == pytest.approx(expected)
    assert 0 < expected < 1
    without = agreement_table({"x": noisy}, labels)
    assert without["held_out_accuracy"].isna().all()
    assert agreement_table({"x": noisy}, labels, held_out=held_out | True)["held_out_accuracy"].isna().all()


def test_intervals_hold_the_value_and_narrow_with_more_samples(groups):
    values, labels = groups
    rng = np.random.default_rng(2)
    many, more = (np.tile(values, (1, 1)), np.tile(values, (6, 1)))
    widths = []
    for X, y in ((many, labels), (more, np.tile(labels, 6))):
        row = agreement_table({"x": X + rng.normal(scale=1.2, size=X.shape)}, y).iloc[0]
        for measure in MEASURES[:4]:
            assert row[f"{measure}_low"] <= row[measure] <= row[f"{measure}_high"], measure
        widths.append(row["silhouette_high"] - row["silhouette_low"])
    assert widths[1] < widths[0]


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


def test_patients_are_redrawn_as_wholes_which_widens_the_interval():
    rng = np.random.default_rng(3)
    patients = np.repeat(np.arange(12), 8)
    labels = np.where(patients % 2, "A", "B")
    # whole patients look like the other label, so what is known is known of patients
    side = np.where(np.isin(patients, [0, 1, 2, 3]), -1, 1) * np.where(patients % 2, 1, -1)
    values = rng.normal(size=(96, 10))
    values[:, :5] += 3 * side[:, None]
    alone, together = (
        agreement_table({"x": values}, labels, groups=groups, seed=1).iloc[0] for groups in (None, patients)
    )
    for measure in ("adjusted_rand", "silhouette"):
        assert alone[measure] == together[measure]
        widths = [row[f"{measure}_high"] - row[f"{measure}_low"] for row in (alone, together)]
        assert widths[1] > 1.8 * widths[0]
    few = agreement_table({"x": values}, labels, groups=patients % 4).iloc[0]
    assert np.isnan(few["silhouette_low"])
    assert few["silhouette"] == alone["silhouette"]
