import numpy as np
import pytest
from scipy.cluster import hierarchy
from scipy.spatial.distance import pdist
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score, silhouette_score

from landmark.errors import BadConfiguration, BadData
from landmark.metrics import clusters as metrics_clusters
from landmark.metrics.clusters import (
    choose_clusters,
    clusters_at,
    cut_height,
    grow_tree,
    pairwise,
    silhouettes,
)


@pytest.mark.parametrize("distance", ["correlation", "euclidean", "cosine"])
@pytest.mark.parametrize("linkage", ["average", "complete", "single"])
def test_the_tree_is_scipys(groups, linkage, distance):
    values, _ = groups
    tree = grow_tree(values, linkage, distance)
    expected = hierarchy.linkage(values.astype(np.float64), linkage, distance)
    np.testing.assert_allclose(tree.linkage, expected, atol=1e-12)
    table = tree.table()
    assert list(table) == ["left", "right", "distance", "size"]
    assert hierarchy.is_valid_linkage(table.to_numpy(float))
    assert table["size"].iloc[-1] == 60


@pytest.mark.parametrize(("linkage", "distance"), [("average", "cosine"), ("ward", "euclidean")])
def test_clusters_equal_those_of_scikit_learn(groups, linkage, distance):
    values, _ = groups
    expected = AgglomerativeClustering(7, metric=distance, linkage=linkage).fit_predict(values)
    assert adjusted_rand_score(expected, grow_tree(values, linkage, distance).cut(7)) == 1


def test_clusters_are_numbered_by_falling_size(groups):
    values, labels = groups
    found = grow_tree(values).cut(3)
    assert dict(zip(labels, found, strict=True)) == {"a": 1, "b": 2, "c": 3}
    assert adjusted_rand_score(labels, found) == 1
    assert (grow_tree(values).cut(1) == 1).all()


@pytest.mark.parametrize("clusters", [0, 61])
def test_an_impossible_number_of_clusters_is_refused(groups, clusters):
    with pytest.raises(BadData, match="60 samples"):
        grow_tree(groups[0]).cut(clusters)


def test_wards_linkage_needs_euclidean_distances(groups):
    with pytest.raises(BadConfiguration, match="ward"):
        grow_tree(groups[0], "ward", "correlation")


def test_the_silhouette_curve_is_scikit_learns_and_its_peak_the_number_of_groups(groups):
    values, _ = groups
    tree = grow_tree(values)
    curve = silhouettes(tree, most=6)
    assert curve["clusters"].tolist() == [2, 3, 4, 5, 6]
    for row in curve.itertuples():
        expected = silhouette_score(values.astype(np.float64), tree.cut(row.clusters), metric="correlation")
        assert row.silhouette == pytest.approx(expected)
    assert choose_clusters(tree) == 3


def test_a_cut_at_a_height_is_scipys_and_undoes_the_height_of_a_number(groups):
    tree = grow_tree(groups[0])
    for clusters in (1, 2, 3, 7, 59, 60):
        height = cut_height(tree.linkage, clusters)
        assert clusters_at(tree.linkage, height) == clusters
        theirs = hierarchy.fcluster(tree.linkage, height, criterion="distance")
        assert adjusted_rand_score(theirs, tree.cut(clusters)) == 1


def test_equal_samples_make_one_cluster():
    values = np.tile(np.arange(4.0), (5, 1))
    assert choose_clusters(grow_tree(values)) == 1
    with pytest.raises(BadData, match="at least 3"):
        silhouettes(grow_tree(values[:2]))


def test_distances_are_scipys_and_never_negative(groups):
    values, _ = groups
    repeated = np.concatenate([values, values[:5]])
    found = pairwise(repeated)
    np.testing.assert_allclose(found, pdist(repeated.astype(np.float64), "correlation"), atol=1e-12)
    assert found.min() >= 0


def test_samples_without_direction_are_refused_where_direction_counts():
    values = np.array([[1.0, 1.0, 1.0], [1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    with pytest.raises(BadData, match="2 of 3 samples have the same value everywhere"):
        pairwise(values, "correlation")
    with pytest.raises(BadData, match="1 of 3"):
        pairwise(values, "cosine")
    assert len(pairwise(values, "euclidean")) == 3


def test_missing_values_and_impossible_numbers_of_samples_are_refused(monkeypatch):
    with pytest.raises(BadData, match="missing"):
        pairwise(np.array([[1.0, np.nan], [1.0, 2.0]]))
    with pytest.raises(BadData, match="there are 1"):
        pairwise(np.ones((1, 4)))
    monkeypatch.setattr(metrics_clusters, "MOST_SAMPLES", 5)
    with pytest.raises(BadData, match="there are 6"):
        pairwise(np.ones((6, 4)))
