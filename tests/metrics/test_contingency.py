import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score, silhouette_samples

from landmark.metrics.clusters import Contingency, silhouette_values

DIVISIONS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=2, max_size=40)


@given(DIVISIONS)
def test_measures_are_scikit_learns(pairs):
    labels, clusters = (np.unique(part, return_inverse=True)[1] for part in zip(*pairs, strict=True))
    table = Contingency.of(labels, clusters, np.ones((1, len(labels))))
    assert table.adjusted_rand()[0] == pytest.approx(adjusted_rand_score(labels, clusters))
    expected = normalized_mutual_info_score(labels, clusters)
    assert table.mutual_information()[0] == pytest.approx(expected, abs=1e-9)


def test_a_weight_of_nothing_leaves_a_sample_out():
    rng = np.random.default_rng(0)
    labels, clusters = rng.integers(0, 3, 40), rng.integers(0, 4, 40)
    kept = (rng.random((5, 40)) < 0.7).astype(int)
    table = Contingency.of(labels, clusters, kept)
    for row, rand, information in zip(
        kept.astype(bool), table.adjusted_rand(), table.mutual_information(), strict=True
    ):
        assert rand == pytest.approx(adjusted_rand_score(labels[row], clusters[row]))
        assert information == pytest.approx(normalized_mutual_info_score(labels[row], clusters[row]))


def test_samples_drawn_twice_do_not_feign_agreement():
    rng = np.random.default_rng(0)
    labels, clusters = rng.integers(0, 3, 60), rng.integers(0, 3, 60)
    draws = rng.multinomial(60, np.full(60, 1 / 60), size=4000)
    drawn = Contingency.of(labels, clusters, draws).adjusted_rand().mean()
    assert drawn == pytest.approx(adjusted_rand_score(labels, clusters), abs=0.003)


@given(st.integers(0, 1000), st.integers(2, 5))
def test_silhouettes_are_scikit_learns(seed, groups):
    rng = np.random.default_rng(seed)
    codes = np.concatenate([np.arange(groups), rng.integers(0, groups, 12)])
    points = rng.normal(size=(len(codes), 2))
    square = np.linalg.norm(points[:, None] - points[None], axis=2)
    expected = silhouette_samples(square, codes, metric="precomputed")
    np.testing.assert_allclose(silhouette_values(square, codes), expected, atol=1e-12)
